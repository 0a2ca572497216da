import { requireOpenProbability, requirePartOf } from '../numeric/checks.ts'
import { findRoot } from '../numeric/find-root.ts'
import type { RateCount } from './absolute-rate.ts'
import { type BetaBinomialOptions, betaBinomialLogE } from './beta-binomial.ts'
import type { RateBounds } from './rate-bounds.ts'

const FARTHEST_LOGIT = 36
const logistic = (u: number): number => 1 / (1 + Math.exp(-u))

/**
 * Confidence interval of a rate at level `alpha` for both sides together, by the beta-binomial mixture.
 *
 * Source: Howard et al. 2021, AoS 49:1055, Proposition 7, inverted. Exact for independent trials, valid at every look
 * at once. Tightest at `nOpt` trials, which must be fixed before looking.
 */
export function betaBinomialBounds(
  count: RateCount,
  alpha: number,
  options: Omit<BetaBinomialOptions, 'side'>,
): RateBounds {
  requireOpenProbability('alpha', alpha)
  requirePartOf('events k of n', count.k, count.n)
  const { k, n } = count
  if (n === 0) return { lower: 0, upper: 1 }
  const excess = (logit: number): number =>
    betaBinomialLogE(count, logistic(logit), { ...options, side: 'both' }) - Math.log(1 / alpha)
  const inside = Math.min(FARTHEST_LOGIT, Math.max(-FARTHEST_LOGIT, Math.log(k / (n - k))))
  const open = (end: number): boolean => excess(end) < 0
  return {
    lower: k === 0 || open(-FARTHEST_LOGIT) ? 0 : logistic(findRoot(excess, -FARTHEST_LOGIT, inside)),
    upper: k === n || open(FARTHEST_LOGIT) ? 1 : logistic(findRoot(excess, inside, FARTHEST_LOGIT)),
  }
}
