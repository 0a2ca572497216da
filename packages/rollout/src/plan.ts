/** The rollout plan: data that says how one variant of one flag goes from nobody to everybody in one environment. */
import type { Condition, FlagKey, RuleId, UnitName, VariantKey } from '@dimmer/engine'

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
  readonly id: string
  readonly name?: string
  /** The `track` event it is measured on, e.g. "pdf.generated". */
  readonly event: string
  /** Part of the plan's alpha this guardrail may spend, relative to the others. Default 1. */
  readonly weight?: number
  /** Overrides the plan's policy for this guardrail. */
  readonly policy?: Partial<Policy>
}

/** The rate of failed events (`ok: false`) of served units may be at most `maxRatio` times the comparison group's. */
export interface ErrorRateGuardrail extends GuardrailBase {
  readonly kind: 'error-rate'
  readonly maxRatio: number
}

/** At least `quantile` of the served units' events must take no longer than `maxMs`. */
export interface LatencyGuardrail extends GuardrailBase {
  readonly kind: 'latency'
  /** Between 0.5 and 0.999, e.g. 0.95. */
  readonly quantile: number
  readonly maxMs: number
}

export type Guardrail = ErrorRateGuardrail | LatencyGuardrail

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
