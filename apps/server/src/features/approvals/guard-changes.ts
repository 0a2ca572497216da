import { type Actor, personIdOf } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { GuardedChange } from '../flags/index.ts'
import type { Environment } from '../projects/index.ts'
import type { GuardedSegment } from '../segments/index.ts'
import { type PlannedStart, whyNotStarter } from './approvals-rules.ts'
import { type Demand, demandForFlag, demandsForSegment } from './demands.ts'
import { findPolicy, type PolicyDeps } from './policies.ts'

const INSTEAD = 'Make a change request of it.'
const INSTEAD_OF_NEW = 'Make the flag without a config, so that it is off, and then a change request of the config.'

function refuse(demands: readonly Pick<Demand, 'environment' | 'reasons'>[], instead = INSTEAD): never {
  const where = demands.map(({ environment }) => environment).join(', ')
  const said = [...new Set(demands.flatMap(({ reasons }) => reasons))].join(' ')
  throw new AppError('approval-needed', `In ${where} others must approve this. ${said} ${instead}`, {
    details: demands.flatMap(({ environment, reasons }) => reasons.map(message => ({ path: environment, message }))),
  })
}

/** What stands before every direct change of a flag's config: refuses it, or says that it went past the approvals. */
export async function guardChange(
  deps: PolicyDeps,
  tx: Tx,
  { environment, flagKey, before, after, actor, isNew }: GuardedChange,
): Promise<'break-glass' | undefined> {
  const { reasons } = await demandForFlag(deps, tx, { environment, flagKey, before, after })
  if (reasons.length === 0) return undefined
  if (actor.breakGlass !== undefined) return 'break-glass'
  return refuse([{ environment: environment.key, reasons }], isNew ? INSTEAD_OF_NEW : INSTEAD)
}

/** The same before every direct change of a segment, for all environments whose flags decide by it. */
export async function guardSegment(
  deps: PolicyDeps,
  tx: Tx,
  { place, environments }: GuardedSegment,
): Promise<'break-glass' | undefined> {
  const demands = await demandsForSegment(deps, tx, { environments, segment: place.key })
  if (demands.length === 0) return undefined
  if (place.actor.breakGlass !== undefined) return 'break-glass'
  return refuse(demands)
}

export interface StartedRollout extends Omit<PlannedStart, 'isAuthor'> {
  readonly environment: Environment
  readonly actor: Actor
  /** The person who wrote the plan. */
  readonly authorId: string | null
}

/** What stands before the start of a rollout: who starts it must be one whose approval would count. */
export async function guardStart(
  deps: PolicyDeps,
  db: Db | Tx,
  { environment, actor, authorId, ...start }: StartedRollout,
): Promise<void> {
  if (actor.breakGlass !== undefined) return
  const isAuthor = (personIdOf(actor) ?? actor.id) === authorId
  const reason = whyNotStarter(await findPolicy(deps, db, environment), { ...start, isAuthor })
  if (reason !== undefined) throw new AppError('approval-needed', `In ${environment.key}: ${reason}`)
}
