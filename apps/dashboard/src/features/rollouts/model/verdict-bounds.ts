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

/**
 * The numbers of a verdict on one scale. An error rate is judged by its ratio to the comparison group; a latency by
 * the share of events that are slower than allowed.
 */
export function verdictBounds(guardrail: Guardrail, evidence: Evidence): VerdictBounds {
  if (guardrail.kind !== 'latency') return evidence
  const { slow } = evidence
  if (slow === undefined)
    return { limit: slowAllowed(guardrail), estimate: undefined, lower: undefined, upper: undefined }
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

function metricBoundWords(guardrail: MetricGuardrail, value: number): string {
  const { limit } = guardrail
  return limit.value === undefined && limit.ratio !== undefined ? `${figure(value)}×` : measureWords(guardrail, value)
}

/** A number on the scale of `verdictBounds`: "2.1×", "3.2 %". */
export function boundWords(guardrail: Guardrail, value: number): string {
  switch (guardrail.kind) {
    case 'error-rate':
      return `${figure(value)}×`
    case 'latency':
      return rate(value)
    case 'metric':
      return metricBoundWords(guardrail, value)
  }
}
