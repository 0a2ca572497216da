import type { RolloutPlan } from './plan.ts'
import type { RolloutState } from './state.ts'

/** The share of a stage in percent. Throws a RangeError for a stage that the plan doesn't have. */
export function stagePercent(plan: RolloutPlan, stage: number): number {
  const percent = plan.stages[stage]?.percent
  if (percent === undefined) throw new RangeError(`the plan has no stage ${stage}`)
  return percent
}

/** The stage whose share is out and whose guardrails are looked at; undefined: nothing is watched. */
export function watchedStage(state: RolloutState): number | undefined {
  switch (state.status) {
    case 'running':
    case 'paused':
    case 'completed':
      return state.stage
    case 'rolled-back':
      return state.keptStage
    default:
      return undefined
  }
}

/** The share, in percent, that the rollout's rule has in this state: what a runner checks after a restart. */
export function percentNow(plan: RolloutPlan, state: RolloutState): number {
  switch (state.status) {
    case 'draft':
      return 0
    case 'running':
    case 'paused':
    case 'completed':
      return stagePercent(plan, state.stage)
    case 'rolled-back':
      return state.keptStage === undefined ? 0 : stagePercent(plan, state.keptStage)
    case 'aborted':
      return state.stage === undefined ? 0 : stagePercent(plan, state.stage)
    case 'retired':
      return stagePercent(plan, plan.stages.length - 1)
  }
}
