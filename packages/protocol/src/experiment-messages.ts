/** A flag's split read as an A/B test. */
import type { ExperimentReading, MetricChoice } from '@dimmer/rollout'
import { z } from 'zod'
import { metricChoiceSchema } from './metric-schema.ts'

const MOST_METRICS = 10

export const readExperimentSchema = z.strictObject({
  /** Whose split; absent: the fallthrough's. */
  rule: z.string().min(1).max(100).exactOptional(),
  /** What the other arms are compared with. Absent: the off variant if it is an arm, else the first arm. */
  baseline: z.string().min(1).max(100).exactOptional(),
  metrics: z.array(metricChoiceSchema).min(1).max(MOST_METRICS),
  /** Attribute of the directory to read by as well; a dotted path. */
  segment: z.string().min(1).max(200).exactOptional(),
  /** Level of each interval. Absent: 0.05. */
  alpha: z.number().min(0.001).max(0.5).exactOptional(),
  /** The relative effect worth finding. Absent: 0.05. */
  smallestLift: z.number().min(0.001).max(10).exactOptional(),
})

export interface ReadExperiment {
  readonly rule?: string
  readonly baseline?: string
  readonly metrics: readonly MetricChoice[]
  readonly segment?: string
  readonly alpha?: number
  readonly smallestLift?: number
}

export interface ExperimentArm {
  readonly variant: string
  readonly weight: number
  /** Distinct units that were served it, mature or not. */
  readonly units: number
}

export interface ExperimentView extends ExperimentReading {
  /** Null: the fallthrough. */
  readonly rule: string | null
  /** What the split deals out. */
  readonly unit: string
  /** Ruleset version since which the split is as it is, and when that was; earlier exposures don't count. */
  readonly since: { readonly version: number; readonly at: string }
  readonly baseline: string
  readonly arms: readonly ExperimentArm[]
  /** Units that were served several variants; they are left out. */
  readonly crossed: number
}
