/** A flag with a split, read as an A/B test. Times are epoch ms. */
import type { VariantKey } from '@dimmer/engine'
import type { MetricDefinition } from '../metrics/metric.ts'

export interface ArmDefinition {
  readonly variant: VariantKey
  /** Its part of the split, relative to the others. */
  readonly weight: number
}

export interface ExperimentDefinition {
  /** What every other arm is compared with. */
  readonly baseline: VariantKey
  readonly arms: readonly ArmDefinition[]
  /** Metrics of one number per unit: not error rates, latencies or what comes from Prometheus. */
  readonly metrics: readonly MetricDefinition[]
  /** Level of each interval: it misses the truth ever with at most this chance. Default 0.05. */
  readonly alpha?: number
  /** The relative effect worth finding, where the intervals are to be tightest. Default 0.05. Fix it before looking. */
  readonly smallestLift?: number
  /** Attribute to read by as well, such as "plan". */
  readonly segment?: string
}

/** One unit's outcome for one metric over the metric's window. */
export interface ArmOutcome {
  readonly unitId: string
  readonly variant: VariantKey
  /** When its window has elapsed; what is not mature doesn't count. */
  readonly maturesAt: number
  readonly value: number
  /** The denominator, for ratios. */
  readonly per?: number
  /** The same measure before the experiment began. */
  readonly before?: number
  readonly segments?: Readonly<Record<string, string>>
}

export interface ExperimentFacts {
  /** Distinct units seen per arm, mature or not, and those seen in more than one arm (left out everywhere). */
  readonly seen: Readonly<Record<VariantKey, number>>
  readonly crossed: number
  /** Outcomes by key of the metric. */
  readonly outcomes: Readonly<Record<string, readonly ArmOutcome[]>>
}

/** One arm against the baseline. Lifts are relative: 0.12 is 12 % more. */
export interface ArmReading {
  readonly variant: VariantKey
  readonly units: number
  /** Mean per unit (or ratio), and the baseline's; undefined without units. */
  readonly estimate: number | undefined
  readonly baseline: number | undefined
  readonly lift: number | undefined
  /** Always-valid interval of the lift; undefined where there are too few units. */
  readonly lower: number | undefined
  readonly upper: number | undefined
  /** Natural log of the e-value against "no difference". */
  readonly logE: number
  readonly verdict: 'better' | 'worse' | 'no-difference-yet' | 'too-few-units'
  /** Part of the variance that the units' history explains, 0 to 1: what CUPED saves. 0 without history. */
  readonly explained: number
  /** Why the interval may miss more often than it says, if so. */
  readonly notCalibrated?: string
  /** "+12 % invoices created (+8.1 % to +16 %)" */
  readonly sentence: string
}

export interface SegmentReading extends ArmReading {
  readonly segment: string
  /** Still a difference after control of false discoveries over all segments and arms of this metric (e-BH). */
  readonly found: boolean
}

export interface MetricReading {
  readonly metric: string
  readonly arms: readonly ArmReading[]
  readonly segments: readonly SegmentReading[]
}

export interface ExperimentReading {
  /** Why the numbers can't be trusted, if so: arms of the wrong size, or units in several arms. */
  readonly sick?: string
  readonly metrics: readonly MetricReading[]
  /** Epoch ms of the look. */
  readonly at: number
}
