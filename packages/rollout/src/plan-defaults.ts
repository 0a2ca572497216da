import { isDefined, type MetricChoice, type MetricDefinition } from './metrics/metric.ts'
import type { PlanInput, Policy, RolloutPlan } from './plan.ts'
import { CANARY } from './stage-templates.ts'

/** Roll back what is proven harmful; stay where nothing is proven. */
export const DEFAULT_POLICY: Policy = {
  breached: 'roll-back',
  inconclusive: 'hold',
  noData: 'hold',
  sickSample: 'hold',
}

/** Fills in what a plan leaves out: rule "rollout", alpha 0.05, roll back to zero, the cautious policy. */
export function withDefaults(input: PlanInput): RolloutPlan {
  return {
    ...input,
    ruleId: input.ruleId ?? 'rollout',
    guardrails: input.guardrails ?? [],
    policy: { ...DEFAULT_POLICY, ...input.policy },
    rollBack: input.rollBack ?? 'to-zero',
    alpha: input.alpha ?? 0.05,
  }
}

/** The metric that a plan names: what is not in the library stays as it is. `library`: all versions. */
export function lookUpMetric(choice: MetricChoice, library: readonly MetricDefinition[]): MetricChoice {
  if (isDefined(choice)) return choice
  const own = library.filter(({ key }) => key === choice.key)
  const newest = Math.max(...own.map(({ version }) => version))
  return own.find(({ version }) => version === (choice.version ?? newest)) ?? choice
}

/**
 * Writes the definitions of the project's library into a plan in place of references, so that a metric that is renamed or
 * changed later changes nothing for this rollout. What is not in the library stays as it is: `validatePlan` names it.
 */
export function resolveMetrics(plan: PlanInput, library: readonly MetricDefinition[]): PlanInput {
  const { guardrails, goals } = plan
  return {
    ...plan,
    ...(guardrails && {
      guardrails: guardrails.map(one =>
        one.kind === 'metric' ? { ...one, metric: lookUpMetric(one.metric, library) } : one,
      ),
    }),
    ...(goals && { goals: goals.map(one => ({ ...one, metric: lookUpMetric(one.metric, library) })) }),
  }
}

/** The canary: 5 -> 25 -> 50 -> 100 % with a day in each stage. */
export function canaryTemplate(input: Omit<PlanInput, 'stages'>): RolloutPlan {
  return withDefaults({ ...input, stages: CANARY.stages })
}
