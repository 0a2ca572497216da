import { type Actor, personIdOf } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { GuardedChange } from '../flags/index.ts'
import type { Environment } from '../projects/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { reasonsToApprove } from './approvals-rules.ts'
import { findPolicy } from './policies.ts'

function refuse(reasons: readonly string[], environment: Environment): never {
  throw new AppError(
    'approval-needed',
    `In ${environment.key} others must approve this. ${reasons.join(' ')} Make a change request of it.`,
    { details: reasons.map(message => ({ path: environment.key, message })) },
  )
}

/** What stands before every direct change of a flag's config: refuses it, or says that it went past the approvals. */
export async function guardChange(
  deps: Pick<ApprovalDeps, 'countApprovers'>,
  tx: Tx,
  { environment, before, after, actor }: GuardedChange,
): Promise<'break-glass' | undefined> {
  const reasons = reasonsToApprove(await findPolicy(deps, tx, environment), before, after)
  if (reasons.length === 0) return undefined
  if (actor.breakGlass !== undefined) return 'break-glass'
  return refuse(reasons, environment)
}

export interface StartedRollout {
  readonly environment: Environment
  readonly actor: Actor
  /** The person who wrote the plan. */
  readonly authorId: string | null
}

/** What stands before the start of a rollout: starting it approves the plan, so its author can't. */
export async function guardStart(
  deps: Pick<ApprovalDeps, 'countApprovers'>,
  db: Db | Tx,
  { environment, actor, authorId }: StartedRollout,
): Promise<void> {
  const policy = await findPolicy(deps, db, environment)
  if (policy?.targeting !== true || actor.breakGlass !== undefined) return
  if ((personIdOf(actor) ?? actor.id) !== authorId) return
  throw new AppError(
    'approval-needed',
    `In ${environment.key} somebody else than the author of the plan starts a rollout: that approves all its stages.`,
  )
}
