/**
 * What the judge looks at: facts per unit of one rollout, in the rollout's unit. Times are epoch ms.
 *
 * In every shape the units of a stage are: treated, those *first* served in this stage; control, those held out so far,
 * with what happened since they were first asked about in this stage. Repeating served units over stages would count the
 * same evidence twice (`logRankLogE` of @dimmer/stats).
 */
import type { LogHistogramData } from '@dimmer/stats'
import type { ErrorEvidence } from './error-rate/error-evidence.ts'
import type { MinuteCount, MinuteFact } from './error-rate/minute-fact.ts'
import type { MetricDefinition } from './metrics/metric.ts'

export type Arm = 'treated' | 'control'

/** One unit as it counts in one stage, for error rates and latencies. */
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
  /** Names the unit, the same in every stage. Needed with `minutes`. */
  readonly unitId?: string
  /** Its minutes in this stage, from `enteredAt` on. Error rates only. */
  readonly minutes?: MinuteCount
  /** Its minutes in the day before the rollout began, or less: how much failing is normal for it. Absent: no history. */
  readonly before?: MinuteCount
}

/** What every shape says of a stage. */
export interface StageBase {
  readonly stage: number
  /** Share of the unit exposed in this stage, 0 to 1. */
  readonly share: number
  readonly startedAt: number
  /** All distinct units seen in this stage, whenever first served: for the sample-ratio check. */
  readonly seen: { readonly treated: number; readonly control: number }
  /** Units seen on both sides within this stage. They are left out of `units`. */
  readonly crossed: number
}

export interface StageFacts extends StageBase {
  readonly units: readonly UnitFact[]
  /** Error rates: the minutes of the stage, in order. With them a diffuse regression is found sooner. */
  readonly minutes?: readonly MinuteFact[]
  /** Latency against the comparison group: durations of all events of `units`, per group (1 % histogram). */
  readonly durations?: { readonly treated: LogHistogramData; readonly control: LogHistogramData }
}

/**
 * One unit's outcome over the metric's window, which begins with `enteredAt` (reversal: with its first use). Every metric
 * whose measure is one number per unit: shares of units (`value` 0 or 1), sums, means of a score, ratios.
 */
export interface OutcomeFact {
  readonly unitId: string
  readonly arm: Arm
  readonly enteredAt: number
  /** When its window has elapsed. What is not mature at the look doesn't count, early successes neither. */
  readonly maturesAt: number
  /** 0 or 1; or the sum; or the mean score; or the numerator. */
  readonly value: number
  /** The denominator, for ratios. */
  readonly per?: number
  /** The same measure over a window of the same length that ended when the rollout began. Absent: no history. */
  readonly before?: number
  readonly perBefore?: number
  /** Attributes that experiments are read by: { plan: "pro" }. */
  readonly segments?: Readonly<Record<string, string>>
}

/** Units without an outcome are left out: for reversal those that never used it, for sentiment those that never said anything. */
export interface OutcomeStage extends StageBase {
  readonly units: readonly OutcomeFact[]
}

/** One unit's tickets since `enteredAt`. */
export interface CountFact {
  readonly arm: Arm
  readonly enteredAt: number
  readonly count: number
  /** The first of them. */
  readonly firstAt?: number
}

export interface CountStage extends StageBase {
  readonly units: readonly CountFact[]
}

/** One window of an external metric: the numbers of both groups for the same time, complete. */
export interface Sample {
  /** End of the window. */
  readonly at: number
  readonly treated: number
  /** Absent when nobody is left to compare with, or the query gave nothing for them. */
  readonly control?: number
}

interface Facts {
  /** The guardrail's or the goal's id. */
  readonly guardrailId: string
  /** When the metric's event last arrived from any unit (external: the last number); undefined: never. */
  readonly lastEventAt: number | undefined
}

/** Error rate and latency. */
export interface EventFacts extends Facts {
  readonly shape?: 'events'
  /** One entry per stage begun so far, in order. */
  readonly stages: readonly StageFacts[]
  /** What `slow` was counted against, in ms, where that is not the guardrail's limit (latency against the comparison group). */
  readonly slowMs?: number
  /** Error rates: failed per active minute of all units in the day before the rollout, with which `historyWeight` was taken. */
  readonly historyRate?: number
  /** Error rates: what was folded look by look (`foldErrors`). With it the units of the stages are not asked. */
  readonly evidence?: ErrorEvidence
}

/** Adoption, activation, conversion, reversal, retention, sentiment, revenue, mean, ratio. */
export interface OutcomeFacts extends Facts {
  readonly shape: 'outcomes'
  readonly stages: readonly OutcomeStage[]
  /** Of the units' values before the rollout began, taken once: mean, standard deviation and 99 % quantile. */
  readonly history?: { readonly mean: number; readonly sd: number; readonly p99: number }
}

/** Tickets. */
export interface CountFacts extends Facts {
  readonly shape: 'counts'
  readonly stages: readonly CountStage[]
}

/** External: windows that don't overlap, in order, since the rollout began. */
export interface SampleFacts extends Facts {
  readonly shape: 'samples'
  readonly stages: readonly StageBase[]
  readonly samples: readonly Sample[]
}

/** All facts for one guardrail or goal. */
export type GuardrailFacts = EventFacts | OutcomeFacts | CountFacts | SampleFacts

export type FactShape = 'events' | 'outcomes' | 'counts' | 'samples'

/** Which shape of facts a metric is judged on. */
export function shapeOf({ kind }: Pick<MetricDefinition, 'kind'>): FactShape {
  switch (kind) {
    case 'error-rate':
    case 'latency':
      return 'events'
    case 'tickets':
      return 'counts'
    case 'external':
      return 'samples'
    default:
      return 'outcomes'
  }
}
