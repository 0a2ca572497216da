/** A typed client of the admin API: its calls, in `admin-calls/`, are the one place that knows the paths. Used by the dashboard, scripts and tests. */
import { approvalCalls } from './admin-calls/approval-calls.ts'
import { auditCalls } from './admin-calls/audit-calls.ts'
import { connectionCalls } from './admin-calls/connection-calls.ts'
import { directoryCalls } from './admin-calls/directory-calls.ts'
import { flagCalls } from './admin-calls/flag-calls.ts'
import { memberCalls } from './admin-calls/member-calls.ts'
import { metricCalls } from './admin-calls/metric-calls.ts'
import { projectCalls } from './admin-calls/project-calls.ts'
import { rolloutCalls } from './admin-calls/rollout-calls.ts'
import { segmentCalls } from './admin-calls/segment-calls.ts'
import { sessionCalls } from './admin-calls/session-calls.ts'
import { unitCalls } from './admin-calls/unit-calls.ts'
import { type AdminClientOptions, sender } from './admin-sender.ts'

export type { FlagPlace } from './admin-calls/flag-calls.ts'

export type AdminClient = ReturnType<typeof projectCalls> &
  ReturnType<typeof unitCalls> &
  ReturnType<typeof segmentCalls> &
  ReturnType<typeof flagCalls> &
  ReturnType<typeof directoryCalls> &
  ReturnType<typeof connectionCalls> &
  ReturnType<typeof sessionCalls> &
  ReturnType<typeof memberCalls> &
  ReturnType<typeof metricCalls> &
  ReturnType<typeof rolloutCalls> &
  ReturnType<typeof auditCalls> &
  ReturnType<typeof approvalCalls>

/** Makes a client. Every call rejects with an `AdminApiError` when the answer is not a success. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  const send = sender(options)
  return {
    ...projectCalls(send),
    ...unitCalls(send),
    ...segmentCalls(send),
    ...flagCalls(send),
    ...directoryCalls(send),
    ...sessionCalls(send),
    ...memberCalls(send),
    ...connectionCalls(send),
    ...metricCalls(send),
    ...rolloutCalls(send),
    ...auditCalls(send),
    ...approvalCalls(send),
  }
}
