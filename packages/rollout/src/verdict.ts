/** The judgement on one guardrail, always with its evidence. */

export type VerdictKind = 'breached' | 'ok' | 'inconclusive' | 'no-data' | 'sick-sample'

/** A number per group: units served the rollout's variant, and the concurrent comparison group. */
export interface PerGroup {
  readonly treated: number
  readonly control: number
}

/** What the verdict rests on. All numbers are finite; `undefined` where the data cannot give one. */
export interface Evidence {
  /** The limit of the guardrail: a ratio, or milliseconds. */
  readonly limit: number
  /** The estimate in the unit of the limit, with its always-valid bounds (at the guardrail's share of alpha). */
  readonly estimate: number | undefined
  readonly lower: number | undefined
  readonly upper: number | undefined
  /** Natural log of the e-value against "no harm". */
  readonly logE: number
  /** `logE` at or above this is a breach: log(1 / alpha share). */
  readonly breachAt: number
  /** Natural log of the e-value against "as bad as the limit of this stage". */
  readonly logEOk: number
  /** `logEOk` at or above this clears the guardrail for expansion. */
  readonly okAt: number
  /** Units at risk: seen in this rollout on each side. */
  readonly units: PerGroup
  /** Units that had the event of interest (a first error; a slow unit). */
  readonly unitsHit: PerGroup
  /** All events counted. */
  readonly events: PerGroup
  /** Of them failed, or slower than the limit. */
  readonly eventsHit: PerGroup
}

export interface Verdict {
  readonly guardrailId: string
  readonly kind: VerdictKind
  /** One sentence a person would say, with the numbers. */
  readonly sentence: string
  readonly evidence: Evidence
  /** Epoch ms of the look. */
  readonly at: number
}
