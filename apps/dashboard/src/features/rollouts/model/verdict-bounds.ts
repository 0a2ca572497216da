import type { Evidence, Guardrail, MetricGuardrail } from '@dimmer/rollout'
import { duration } from '../../../shared/format/duration.ts'
import { figure } from '../../../shared/format/number.ts'
import { rate } from '../../../shared/format/percent.ts'

/** What is estimated, between which bounds, against which limit. */
export interface VerdictBounds {
  readonly limit: number
  readonly estimate: number | undefined
  readonly lower: number | undefined
  readonly upper: number | undefined
}

/** What a guardrail's numbers are: times the comparison group, the share of slow events, or the metric's own measure. */
type Scale = 'ratio' | 'slow-share' | 'measure'

/** `limit`: which of the guardrail's limits, where it has several. */
export function scaleOf(guardrail: Guardrail, limit: number | undefined): Scale {
  if (guardrail.kind !== 'metric') return guardrail.kind === 'latency' ? 'slow-share' : 'ratio'
  const { value, ratio } = guardrail.limit
  if (ratio !== undefined && (value === undefined || limit === ratio)) return 'ratio'
  return 'kind' in guardrail.metric && guardrail.metric.kind === 'latency' ? 'slow-share' : 'measure'
}

/** The quantile of a latency; 1 for what has none. */
export function quantileOf(guardrail: Guardrail): number {
  if (guardrail.kind === 'latency') return guardrail.quantile
  return guardrail.kind === 'metric' && 'quantile' in guardrail.metric ? guardrail.metric.quantile : 1
}

/**
 * The numbers of a verdict on one scale. An error rate is judged by its ratio to the comparison group; a latency by
 * the share of events that are slower than allowed.
 */
export function verdictBounds(guardrail: Guardrail, evidence: Evidence): VerdictBounds {
  if (scaleOf(guardrail, evidence.limit) !== 'slow-share') return evidence
  const { slow } = evidence
  const limit = slowAllowed({ quantile: quantileOf(guardrail) })
  if (slow === undefined) return { limit, estimate: undefined, lower: undefined, upper: undefined }
  return { limit: slow.allowed, estimate: slow.estimate, lower: slow.lower, upper: slow.upper }
}

/** 0.95 -> 0.05, without the rounding of `1 - 0.95`. */
export const slowAllowed = ({ quantile }: { readonly quantile: number }): number =>
  Number((1 - quantile).toPrecision(12))

/** Kinds whose measure is a share of the units. */
export const SHARES: ReadonlySet<string> = new Set(['adoption', 'activation', 'conversion', 'reversal', 'retention'])

/** A number in a metric's own measure: "15 %" of the units, "410 ms", "1.2" of anything else. */
export function measureWords({ metric }: Pick<MetricGuardrail, 'metric'>, value: number): string {
  if (!('kind' in metric)) return figure(value)
  if (SHARES.has(metric.kind)) return rate(value)
  return metric.kind === 'latency' ? duration(value) : figure(value)
}

/** A number on the scale of `verdictBounds`: "2.1×", "3.2 %". `limit`: the one that was judged, where there are several. */
export function boundWords(guardrail: Guardrail, value: number, limit?: number): string {
  switch (scaleOf(guardrail, limit)) {
    case 'ratio':
      return `${figure(value)}×`
    case 'slow-share':
      return rate(value)
    case 'measure':
      return guardrail.kind === 'metric' ? measureWords(guardrail, value) : figure(value)
  }
}
