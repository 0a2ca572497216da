/** How a rollout acts on its flag. Pure. */
import type { Rule } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import type { RolloutPlan, RolloutState } from '@dimmer/rollout'
import { withRule } from '../flags/index.ts'

/**
 * The config with the rollout's rule at this percentage. The rule stays where it stands in the order; without one it
 * comes last. Its audience is the plan's if the plan names one.
 */
export function withRolloutShare(config: FlagConfig, plan: RolloutPlan, percent: number): FlagConfig {
  const known = config.rules.find(rule => rule.id === plan.ruleId)
  const when = plan.audience ?? known?.when
  const rule: Rule = {
    ...known,
    id: plan.ruleId,
    ...(when === undefined ? {} : { when }),
    share: { ...known?.share, unit: plan.unit, percent },
    serve: { variant: plan.variant },
  }
  return withRule(config, rule)
}

/** While a rollout is running or paused, nobody else may set its rule. */
export const ownsRule = (state: RolloutState): boolean => state.status === 'running' || state.status === 'paused'

/** The index of the stage in which a rollout stands; undefined outside of stages. */
export const stageOf = (state: RolloutState): number | undefined => ('stage' in state ? state.stage : undefined)

/** One text for one reason to hold, to write each down once. */
export const holdKey = (
  because: { readonly code: string; readonly guardrailId?: string },
  stage: number | undefined,
): string => [stage ?? '', because.code, because.guardrailId ?? ''].join('/')
