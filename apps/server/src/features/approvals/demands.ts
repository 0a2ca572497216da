import type { Flag, FlagKey, SegmentKey } from '@dimmer/engine'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { segmentsNamed, selectEnvironmentFlags } from '../flags/index.ts'
import { type Environment, selectEnvironmentsOfProject, selectVersionsSince } from '../projects/index.ts'
import { selectSegmentShapes } from '../segments/index.ts'
import {
  approvalsGiven,
  type Compared,
  type PolicyThere,
  RAISES_ADD_UP_MS,
  raisesAnything,
  reasonsForSegment,
  reasonsToApprove,
} from './approvals-rules.ts'
import { type RequestRow, type SegmentRequestRow, selectAppliedRequests, selectReviews } from './approvals-store.ts'
import { environmentOf } from './find-request.ts'
import { findPolicy, type PolicyDeps } from './policies.ts'

/** What an environment asks for before a change; no reasons: nothing. */
export interface Demand extends PolicyThere {
  readonly reasons: readonly string[]
}

/** A change of a flag's config, wherever it comes from. */
export interface FlagDemanded extends Omit<Compared, 'lately'> {
  readonly environment: Environment
  readonly flagKey: FlagKey
}

/** Whether others had approved what became a version. */
async function wasApproved(db: Db | Tx, there: PolicyThere, request: RequestRow | undefined): Promise<boolean> {
  if (request === undefined) return false
  return approvalsGiven(await selectReviews(db, [request.id]), request, there) >= (there.policy?.approvals ?? 1)
}

/** How the flag was within the last day, no further back than to the last change that others approved. */
async function latelyOf(
  deps: PolicyDeps,
  db: Db | Tx,
  { environment, flagKey, policy }: FlagDemanded & Pick<Demand, 'policy'>,
): Promise<readonly Pick<Flag, 'rules'>[]> {
  const since = new Date(deps.clock.now() - RAISES_ADD_UP_MS)
  const versions = await selectVersionsSince(db, environment.id, { key: flagKey, since })
  const applied = await selectAppliedRequests(db, { environmentId: environment.id, flagKey, since })
  const found: Pick<Flag, 'rules'>[] = []
  for (const { version, flag, madeBy } of versions) {
    found.push(flag ?? { rules: [] })
    // What the controller does was approved with the rollout, or the request, that it carries out.
    if (madeBy === 'controller') break
    const request = applied.find(({ applied_version }) => applied_version === version)
    if (await wasApproved(db, { environment: environment.key, policy }, request)) break
  }
  return found
}

/** Who may approve now; not asked where nothing has to be approved. */
const approversIf = async (
  deps: PolicyDeps,
  db: Db | Tx,
  { environment, reasons }: { readonly environment: Environment; readonly reasons: readonly string[] },
) => (reasons.length === 0 ? {} : { approvers: await deps.approvers(db, environment) })

/** What an environment asks for before a change of a flag. */
export async function demandForFlag(deps: PolicyDeps, db: Db | Tx, changed: FlagDemanded): Promise<Demand> {
  const policy = await findPolicy(deps, db, changed.environment)
  const matters = policy !== null && policy.shareUpBy !== null && raisesAnything(changed)
  const lately = matters ? await latelyOf(deps, db, { ...changed, policy }) : []
  const reasons = reasonsToApprove(policy, { ...changed, lately })
  return {
    environment: changed.environment.key,
    policy,
    reasons,
    ...(await approversIf(deps, db, { environment: changed.environment, reasons })),
  }
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
    if (reasons.length === 0) continue
    const approvers = await deps.approvers(db, environment)
    demands.push({ environment: environment.key, policy, reasons, approvers })
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
  const { flag_key: flagKey, before, after } = row
  return [await demandForFlag(deps, db, { environment: await environmentOf(db, row), flagKey, before, after })]
}
