import type { SegmentKey } from '@dimmer/engine'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { segmentsNamed, selectEnvironmentFlags } from '../flags/index.ts'
import { type Environment, selectEnvironmentsOfProject } from '../projects/index.ts'
import { selectSegmentShapes } from '../segments/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { type PolicyThere, reasonsForSegment, reasonsToApprove } from './approvals-rules.ts'
import type { RequestRow, SegmentRequestRow } from './approvals-store.ts'
import { environmentOf } from './find-request.ts'
import { findPolicy } from './policies.ts'

type PolicyDeps = Pick<ApprovalDeps, 'countApprovers'>

/** What an environment asks for before a change; no reasons: nothing. */
export interface Demand extends PolicyThere {
  readonly reasons: readonly string[]
}

/** What the environments ask for in which flags decide by this segment. */
export async function demandsForSegment(
  deps: PolicyDeps,
  db: Db | Tx,
  changed: { readonly environments: readonly Environment[]; readonly segment: SegmentKey },
): Promise<readonly Demand[]> {
  const demands: Demand[] = []
  for (const environment of changed.environments) {
    const policy = await findPolicy(deps, db, environment)
    if (policy?.targeting !== true) continue
    const shapes = await selectSegmentShapes(db, environment.projectId)
    const users = (await selectEnvironmentFlags(db, environment.id)).filter(({ rules }) =>
      segmentsNamed(rules, shapes).has(changed.segment),
    )
    const reasons = reasonsForSegment(policy, changed.segment, users)
    if (reasons.length > 0) demands.push({ environment: environment.key, policy, reasons })
  }
  return demands
}

/** Only its name changes. */
const takesInTheSame = ({ before, after, list_changes }: SegmentRequestRow): boolean =>
  list_changes.length === 0 && canonicalJson({ ...before, name: '' }) === canonicalJson({ ...after, name: '' })

/** What must be there before a request may be applied, by environment. */
export async function demandsOf(deps: PolicyDeps, db: Db | Tx, row: RequestRow): Promise<readonly Demand[]> {
  if (row.segment_key !== null) {
    if (takesInTheSame(row)) return []
    const environments = await selectEnvironmentsOfProject(db, row.project_id)
    return demandsForSegment(deps, db, { environments, segment: row.segment_key })
  }
  const environment = await environmentOf(db, row)
  const policy = await findPolicy(deps, db, environment)
  return [{ environment: environment.key, policy, reasons: reasonsToApprove(policy, row.before, row.after) }]
}
