/** The judgement on one guardrail, always with its evidence. */

export type VerdictKind = 'breached' | 'ok' | 'inconclusive' | 'no-data' | 'sick-sample'

/** A number per group: units served the rollout's variant, and the concurrent comparison group. */
export interface PerGroup {
  readonly treated: number
  readonly control: number
}

/** The share of the exposed units' events that are slower than the limit, 0 to 1, with its always-valid bounds. */
export interface SlowShare {
  /** 1 - quantile. */
  readonly allowed: number
  readonly estimate: number
  readonly lower: number
  readonly upper: number
}

/** What the verdict rests on. All numbers are finite; `undefined` where the data cannot give one. */
export interface Evidence {
  /** The limit of the guardrail: a ratio, or milliseconds. */
  readonly limit: number
  /**
   * The estimate in the unit of the limit, with its always-valid bounds (each at the level at which a breach is judged).
   * Undefined for latency: what is judged there is `slow`.
   */
  readonly estimate: number | undefined
  readonly lower: number | undefined
  readonly upper: number | undefined
  /** Natural log of the e-value against "no harm", or against "within the limit" where there is no comparison. */
  readonly logE: number
  /** `logE` at or above this is a breach: log(1 / alpha share). */
  readonly breachAt: number
  /** Natural log of the e-value against "as bad as the limit of this stage". */
  readonly logEOk: number
  /** `logEOk` at or above this clears the guardrail for expansion. */
  readonly okAt: number
  /** Latency only, and only with events. */
  readonly slow?: SlowShare
  /** Units at risk. Summed over the stages: a unit held out in several stages counts once in each. */
  readonly units: PerGroup
  /** Of them had the event that was judged (a first error, a first run of three failures, a slow event). */
  readonly unitsHit: PerGroup
  /** All events counted. */
  readonly events: PerGroup
  /** Of them failed, or slower than the limit. */
  readonly eventsHit: PerGroup
}

export interface Verdict {
  /** Of the guardrail or the goal; no two of a plan have the same. */
  readonly guardrailId: string
  /** It is about a goal: `ok` is reached, `inconclusive` is not reached yet. */
  readonly goal?: true
  readonly kind: VerdictKind
  /** One sentence a person would say, with the numbers. */
  readonly sentence: string
  readonly evidence: Evidence
  /** Epoch ms of the look. */
  readonly at: number
}
