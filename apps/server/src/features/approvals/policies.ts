import type { ApprovalPolicy, ApprovalPolicyView } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { journal } from '../../kernel/journal.ts'
import { type Environment, projectOf } from '../projects/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { defaultPolicy } from './approvals-rules.ts'
import { savePolicy, selectPolicy } from './approvals-store.ts'

export type PolicyDeps = Pick<ApprovalDeps, 'approvers' | 'clock'>

/** The policy that counts: the one that was set, or what follows from the environment and its people. */
export async function findPolicy(
  deps: PolicyDeps,
  db: Db | Tx,
  environment: Environment,
): Promise<ApprovalPolicy | null> {
  const set = await selectPolicy(db, environment.id)
  return set === undefined ? defaultPolicy(environment.key, (await deps.approvers(db, environment)).length) : set
}

export async function viewPolicy(deps: ApprovalDeps, environment: Environment): Promise<ApprovalPolicyView> {
  const set = await selectPolicy(deps.db, environment.id)
  const approvers = (await deps.approvers(deps.db, environment)).length
  return set === undefined
    ? { policy: defaultPolicy(environment.key, approvers), source: 'default', approvers }
    : { policy: set, source: 'set', approvers }
}

/** Says from now on which changes need approval here. */
export async function setPolicy(
  deps: ApprovalDeps,
  { environment, actor }: { readonly environment: Environment; readonly actor: Actor },
  policy: ApprovalPolicy | null,
): Promise<ApprovalPolicyView> {
  await deps.db.transaction().execute(async tx => {
    const before = await findPolicy(deps, tx, environment)
    await savePolicy(tx, environment.id, policy)
    await journal(tx, {
      actor,
      at: new Date(deps.clock.now()),
      verb: 'change',
      object: { kind: 'approval-policy', key: environment.key },
      project: projectOf(environment),
      environment: environment.key,
      before: before ?? { approvals: 0 },
      after: policy ?? { approvals: 0 },
    })
  })
  return viewPolicy(deps, environment)
}
