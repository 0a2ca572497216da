/** What the judge looks at: per-unit facts of one rollout, in the rollout's unit. Times are epoch ms. */

export type Arm = 'treated' | 'control'

/** One unit as it counts in one stage. */
export interface UnitFact {
  readonly arm: Arm
  /** First exposure to this arm in this stage. */
  readonly enteredAt: number
  /** First failed event at or after `enteredAt`. */
  readonly firstFailureAt?: number
  /** The third failed event of the first run of three failures in a row at or after `enteredAt`. */
  readonly failureRunAt?: number
  /** Events at or after `enteredAt`, and how many of them failed or were slower than the guardrail's limit. */
  readonly events: number
  readonly failures: number
  readonly slow: number
}

/**
 * The facts of one stage. Treated units are those *first* served in this stage; control units are those held out
 * so far: repeating units over stages would count the same evidence twice (`logRankLogE` of @dimmer/stats).
 */
export interface StageFacts {
  readonly stage: number
  /** Share of the unit exposed in this stage, 0 to 1. */
  readonly share: number
  readonly startedAt: number
  readonly units: readonly UnitFact[]
  /** All distinct units seen in this stage, whenever first served: for the sample-ratio check. */
  readonly seen: { readonly treated: number; readonly control: number }
  /** Units seen on both sides within this stage. They are left out of `units`. */
  readonly crossed: number
}

/** All facts for one guardrail: one entry per stage begun so far, in order. */
export interface GuardrailFacts {
  readonly guardrailId: string
  readonly stages: readonly StageFacts[]
  /** When the guardrail's event last arrived from any unit; undefined: never. */
  readonly lastEventAt: number | undefined
}
