/** The library of metrics of a project, and how their events arrive. */
import type { MetricDefinition, MetricSettings, RolloutStatus } from '@dimmer/rollout'
import { z } from 'zod'
import { keySchema } from './flag-schemas.ts'
import { metricKinds } from './metric-schema.ts'

/** A metric as it is put into the library. `ifVersion`: only if that is the newest version; 0: only if there is none. */
export type PutMetric = MetricSettings & { readonly ifVersion?: number }

/** Its key stands in the address, its version follows. */
export const putMetricSchema: z.ZodType<PutMetric> = metricKinds({
  ifVersion: z.number().int().min(0).exactOptional(),
})

/** A rollout that is not over and is judged by some version of a metric. */
export interface MetricUse {
  readonly rollout: string
  readonly flag: string
  readonly environment: string
  readonly status: RolloutStatus
  /** Id of the guardrail or goal. */
  readonly id: string
  readonly as: 'guardrail' | 'goal'
  /** The version that it keeps, whatever becomes of the metric. */
  readonly version: number
}

/** How the events that a metric is measured on arrive in one environment. */
export interface MetricHealth {
  /**
   * `arriving`: within the last day. `quiet`: not since. `never`: some name has never arrived. `other-unit`: it
   * arrives, but not for the metric's unit. `outside`: there are no events, it is asked from Prometheus.
   */
  readonly state: 'arriving' | 'quiet' | 'never' | 'other-unit' | 'outside'
  /** When the latest of them happened; of several names, the one that is longest ago. */
  readonly lastAt: string | null
  /** Events per minute, of several names those that arrive least. */
  readonly perMinute: number
  /** Names that have never arrived. */
  readonly missing: readonly string[]
  /** For which units they arrive. */
  readonly units: readonly string[]
  readonly sentence: string
}

export interface MetricView {
  /** The newest version. */
  readonly definition: MetricDefinition
  readonly createdAt: string
  readonly changedAt: string
  readonly usedBy: readonly MetricUse[]
  /** In the environment that was asked for; absent without one. */
  readonly health?: MetricHealth
}

export interface MetricVersion {
  readonly definition: MetricDefinition
  readonly at: string
}

/** A metric with all its versions, the newest first. */
export interface MetricDetails extends MetricView {
  readonly versions: readonly MetricVersion[]
}

export const metricsQuerySchema = z.strictObject({
  /** Whose events `health` is about. */
  environment: keySchema.exactOptional(),
})

export const trafficQuerySchema = z.strictObject({
  event: z.string().min(1).max(200),
  unit: z.string().min(1).max(100),
})

/** What has lately arrived of one event, for one unit. */
export interface EventTraffic {
  /** How far back was looked, ms; 0: it has never arrived. */
  readonly overMs: number
  /** Distinct units with such an event in that time. */
  readonly units: number
  /** Of them, those of which one failed. */
  readonly failingUnits: number
  readonly events: number
}
