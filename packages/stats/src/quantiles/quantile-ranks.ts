import { requireOpenProbability, requirePositive } from '../numeric/checks.ts'
import { betaBinomialLogE } from '../rates/beta-binomial.ts'

/** How many measurements and which quantile; `nOpt` is the number at which the ranks are to be tightest. */
export type QuantileSample = { readonly n: number; readonly q: number; readonly nOpt: number }

/** Ranks from 1 in ascending order; null where there is no bound yet. */
export type QuantileRanks = { readonly lower: number | null; readonly upper: number | null }

/**
 * The last whole number from `inside` towards `end` for which `holds` is true; it must hold at `inside` and change
 * once.
 */
function lastWhere(holds: (count: number) => boolean, inside: number, end: number): number {
  if (holds(end)) return end
  let yes = inside
  let no = end
  while (Math.abs(no - yes) > 1) {
    const middle = Math.trunc((yes + no) / 2)
    if (holds(middle)) yes = middle
    else no = middle
  }
  return yes
}

/**
 * The ranks of the sorted measurements that bracket the q quantile, at level `alpha` for both sides together: the
 * quantile lies from the value at `lower` to the value at `upper`.
 *
 * Source: Howard & Ramdas 2022, Bernoulli 28:1704, with the beta-binomial mixture: counts at or below the true quantile
 * that are not rejected. Exact for independent measurements of a continuous quantity, valid at every look at once.
 */
export function quantileRanks({ n, q, nOpt }: QuantileSample, alpha: number): QuantileRanks {
  requireOpenProbability('alpha', alpha)
  requireOpenProbability('quantile q', q)
  requirePositive('nOpt', nOpt)
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`n must be a whole number, got ${n}`)
  const accepted = (count: number): boolean =>
    betaBinomialLogE({ k: count, n }, q, { nOpt, side: 'both' }) < Math.log(1 / alpha)
  const inside = Math.round(n * q)
  const fewest = lastWhere(accepted, inside, 0)
  const most = lastWhere(accepted, inside, n)
  return { lower: fewest === 0 ? null : fewest, upper: most === n ? null : most + 1 }
}
