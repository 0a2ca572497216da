import { parseDuration } from './duration.ts'
import type { RolloutPlan } from './plan.ts'
import type { Phase, Running } from './state.ts'

/** The least time in a stage, in ms. Throws a RangeError for a stage or a duration that `validatePlan` would have refused. */
export function holdMs(plan: RolloutPlan, stage: number): number {
  const ms = parseDuration(plan.stages[stage]?.hold ?? '')
  if (ms === undefined) throw new RangeError(`stage ${stage} has no valid hold`)
  return ms
}

type Holding = Pick<Running, 'stage' | 'heldMs' | 'holdingSince'>

/** Time spent in the present stage, without pauses. Time in which nobody looked counts; a clock set back does not. */
export function heldUntil(state: Holding, now: number): number {
  return state.heldMs + Math.max(0, now - state.holdingSince)
}

export function phaseAt(plan: RolloutPlan, state: Holding, now: number): Phase {
  return heldUntil(state, now) >= holdMs(plan, state.stage) ? 'holding' : 'exposing'
}
