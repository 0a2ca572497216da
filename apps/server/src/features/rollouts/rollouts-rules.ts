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

/** The variant that most of those get whom no rule serves. */
export function othersGet({ fallthrough }: Pick<FlagConfig, 'fallthrough'>): string | undefined {
  if ('variant' in fallthrough) return fallthrough.variant
  return fallthrough.split.arms.toSorted((a, b) => b.weight - a.weight)[0]?.variant
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

/** Whether the flag's rule still is what a rollout with this share left behind. */
export function isAsLeft(config: FlagConfig, plan: RolloutPlan, percent: number): boolean {
  const rule = config.rules.find(({ id }) => id === plan.ruleId)
  if (rule?.share === undefined || !('variant' in rule.serve)) return false
  return rule.serve.variant === plan.variant && rule.share.unit === plan.unit && rule.share.percent === percent
}

/** Why a rollout may not start on the rule as it is: starting may give to more, and take from nobody. Undefined: it may. */
export function whyNotStart(config: FlagConfig, plan: RolloutPlan): string | undefined {
  const rule = config.rules.find(({ id }) => id === plan.ruleId)
  const first = plan.stages[0]?.percent ?? 0
  if (rule === undefined || rule.share?.percent === 0) return undefined
  if (!('variant' in rule.serve) || rule.serve.variant !== plan.variant) {
    return `The rule "${rule.id}" serves something else than "${plan.variant}"; starting would take that away.`
  }
  const now = rule.share?.percent ?? 100
  if (now <= first) return undefined
  return `The rule "${rule.id}" gives it to ${now} % already, and the first stage to ${first} %: starting would take it away. Lower the share first, or begin the plan with a larger stage.`
}
