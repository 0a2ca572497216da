import { invertEvidence } from '../evidence/invert-evidence.ts'
import { type RateCount, rateLogE } from './absolute-rate.ts'

/** Bounds of a rate, both in [0, 1]. */
export type RateBounds = { readonly lower: number; readonly upper: number }

const FARTHEST_LOGIT = 40
const logistic = (u: number): number => 1 / (1 + Math.exp(-u))

/**
 * Lower and upper confidence bound of a rate, each one-sided at level `alpha` (together they miss with at most 2
 * alpha).
 *
 * Source: all limits that `rateLogE` has not rejected (inversion of the e-process; Howard et al. 2021).
 * Exact and valid at every look at once when `rateLogE` is (phi = 1); asymptotic with phi > 1. No data gives [0, 1].
 */
export function rateBounds(counts: readonly RateCount[], alpha: number, phi = 1): RateBounds {
  const total = counts.reduce((sum, { k, n }) => ({ k: sum.k + k, n: sum.n + n }), { k: 0, n: 0 })
  const { lower, upper } = invertEvidence(
    (logit, direction) => rateLogE([total], logistic(logit), { direction, phi }),
    alpha,
    FARTHEST_LOGIT,
  )
  return { lower: lower === null ? 0 : logistic(lower), upper: upper === null ? 1 : logistic(upper) }
}
