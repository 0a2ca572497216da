/** The rollout plan: data that says how one variant of one flag goes from nobody to everybody in one environment. */
import type { Condition, FlagKey, RuleId, UnitName, VariantKey } from '@dimmer/engine'
import type { MetricChoice } from './metrics/metric.ts'

/** What a verdict other than `ok` makes the controller do. */
export type PolicyAction = 'roll-back' | 'pause' | 'hold' | 'warn'

/** The written answer to each kind of verdict. `ok` needs none; `hold` means: stay in this stage and look again. */
export interface Policy {
  readonly breached: PolicyAction
  readonly inconclusive: PolicyAction
  readonly noData: PolicyAction
  readonly sickSample: PolicyAction
}

/** How the exposed share changes when the rollout is rolled back. */
export type RollBackMode = 'to-zero' | 'to-previous-stage'

export interface Stage {
  readonly name?: string
  /** Share of the plan's unit, 0.001 to 100. Must grow from stage to stage. */
  readonly percent: number
  /** Least time in this stage before it may expand (or, in the last stage, complete). ISO 8601, e.g. "PT48H". */
  readonly hold: string
}

interface GuardrailBase {
  /** Unique among the plan's guardrails and goals. */
  readonly id: string
  readonly name?: string
  /** Part of the plan's alpha this guardrail may spend, relative to the others. Default 1. */
  readonly weight?: number
  /** Overrides the plan's policy for this guardrail. */
  readonly policy?: Partial<Policy>
}

/** The rate of failed events (`ok: false`) of served units may be at most `maxRatio` times the comparison group's. */
export interface ErrorRateGuardrail extends GuardrailBase {
  readonly kind: 'error-rate'
  /** The `track` event it is measured on, e.g. "pdf.generated". */
  readonly event: string
  readonly maxRatio: number
}

/** At least `quantile` of the served units' events must take no longer than `maxMs`. */
export interface LatencyGuardrail extends GuardrailBase {
  readonly kind: 'latency'
  readonly event: string
  /** Between 0.5 and 0.999, e.g. 0.95. */
  readonly quantile: number
  readonly maxMs: number
}

/** What a metric may come to. Each number that is given is judged; the alpha is shared evenly among them. */
export interface Limit {
  /** In the metric's own measure (0.15 of units, 800 ms): at most this where higher is worse, at least this where lower is. */
  readonly value?: number
  /** Times the comparison group's: at most this (above 1) where higher is worse, at least this (below 1) where lower is. */
  readonly ratio?: number
  /** A budget for all exposed units together, for counted metrics: reached is breached, without statistics. Whole. */
  readonly total?: number
}

/** Any metric of the catalogue with a limit. */
export interface MetricGuardrail extends GuardrailBase {
  readonly kind: 'metric'
  readonly metric: MetricChoice
  readonly limit: Limit
}

export type Guardrail = ErrorRateGuardrail | LatencyGuardrail | MetricGuardrail

/**
 * What must be reached before the rollout may expand. Reached is: the estimate is at or beyond `target`, and what lies
 * beyond `floor` on the bad side is excluded at 0.05.
 */
export interface Goal {
  /** Unique among the plan's guardrails and goals. */
  readonly id: string
  readonly name?: string
  readonly metric: MetricChoice
  /** In the metric's own measure. */
  readonly target: number
  /** Default: half of the target where lower is worse, twice the target where higher is. */
  readonly floor?: number
  /** The answer once the hold is over and it is not reached. Default `hold`; `warn` lets it pass. */
  readonly otherwise?: Exclude<PolicyAction, 'roll-back'>
  /** The first stage (from 0) that may not be left without it. Default 0. */
  readonly fromStage?: number
}

export interface RolloutPlan {
  readonly flag: FlagKey
  readonly environment: string
  readonly variant: VariantKey
  /** What the stage percentages count. */
  readonly unit: UnitName
  /** The flag's rule that this rollout owns while it runs. Made at the end of the rules if missing. Default "rollout". */
  readonly ruleId: RuleId
  /** Who may take part at all. Absent: everybody. */
  readonly audience?: Condition
  readonly stages: readonly Stage[]
  readonly guardrails: readonly Guardrail[]
  /** Absent: none. */
  readonly goals?: readonly Goal[]
  readonly policy: Policy
  readonly rollBack: RollBackMode
  /** Chance of a false roll-back over the whole life of the rollout, shared by the guardrails. Default 0.05. */
  readonly alpha: number
}

/** A plan as people write it: what is absent takes the defaults of `withDefaults`. */
export interface PlanInput extends Omit<RolloutPlan, 'ruleId' | 'guardrails' | 'policy' | 'rollBack' | 'alpha'> {
  readonly ruleId?: RuleId
  readonly guardrails?: readonly Guardrail[]
  readonly policy?: Partial<Policy>
  readonly rollBack?: RollBackMode
  readonly alpha?: number
}
