import type { Evidence, Guardrail } from '@dimmer/rollout'
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

const BOUND_WORDS: Readonly<Record<Guardrail['kind'], (value: number) => string>> = {
  'error-rate': value => `${figure(value)}×`,
  latency: rate,
  metric: figure,
}

/** A number on the scale of `verdictBounds`: "2.1×", "3.2 %". */
export const boundWords = (guardrail: Pick<Guardrail, 'kind'>, value: number): string =>
  BOUND_WORDS[guardrail.kind](value)
