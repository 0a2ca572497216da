import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { GuardedChange } from '../flags/index.ts'
import type { GuardedSegment } from '../segments/index.ts'
import { type Demand, demandForFlag, demandsForSegment } from './demands.ts'
import type { PolicyDeps } from './policies.ts'

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
