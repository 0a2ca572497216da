import type { StartApprovalsView } from '@dimmer/protocol'
import { AppError } from '../../kernel/errors.ts'
import { approveStart, viewStart } from '../approvals/index.ts'
import { findRollout, type PersonAt, startAsked } from './act-on-rollout.ts'
import type { RolloutDeps } from './carry-out.ts'

/** What the start of a rollout waits for, as somebody sees it. */
export async function viewApprovals(deps: RolloutDeps, at: PersonAt): Promise<StartApprovalsView> {
  return viewStart(deps, await startAsked(deps, await findRollout(deps, at.projectId, at.rolloutId), at))
}

/** Approves that a draft is started, with all its stages. Gives what it waits for then. */
export async function approveRollout(
  deps: RolloutDeps,
  at: PersonAt & { readonly note?: string },
): Promise<StartApprovalsView> {
  const row = await findRollout(deps, at.projectId, at.rolloutId)
  if (row.state.status !== 'draft') {
    throw new AppError('not-allowed-now', `The rollout is ${row.state.status}: it was started or given up already.`)
  }
  const asked = await startAsked(deps, row, at)
  await approveStart(deps, asked, at.note?.trim() || undefined)
  const { projectKey, key } = asked.environment
  deps.announce(projectKey, { type: 'rollout-changed', rollout: row.id, flag: row.flag_key, environment: key })
  return viewStart(deps, asked)
}
