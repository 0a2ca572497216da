import { requirePartOf } from '../numeric/checks.ts'
import type { RateCount } from './absolute-rate.ts'
import { clusteredRate } from './clustered-rate.ts'

/**
 * Design effect of counts that cluster by unit (`k` of `n` per unit): how many clustered requests are worth one
 * independent request. `phi = max(1, V / B)` with V the cluster-robust variance `m/(m-1) sum (k_i - p n_i)^2 / (sum
 * n)^2` over the m units and B the binomial variance `p (1 - p) / sum n`. Dividing evidence by phi is the same as using
 * effective counts k/phi and n/phi.
 *
 * Where V / B cannot be estimated (fewer than two units, or no event, or nothing but events) the answer is the worst
 * case `sum n_i^2 / sum n`: each unit counts as one observation. No requests at all gives 1.
 *
 * Source: Rao & Scott 1992, Biometrics 48:577. Asymptotic in the number of units (trust it from about 30); estimate it
 * from units the change cannot have touched (the never-exposed), or the effect inflates it. Throws a RangeError on
 * impossible counts.
 */
export function designEffect(units: readonly RateCount[]): number {
  for (const { k, n } of units) requirePartOf('unit events k of n', k, n)
  const sumN = units.reduce((sum, { n }) => sum + n, 0)
  if (sumN === 0) return 1
  const estimate = clusteredRate(units.map(({ k, n }) => ({ y: k, x: n })))
  const binomial = estimate === null ? 0 : (estimate.rate * (1 - estimate.rate)) / sumN
  if (estimate === null || estimate.variance === null || binomial <= 0) {
    return Math.max(1, units.reduce((sum, { n }) => sum + n * n, 0) / sumN)
  }
  return Math.max(1, estimate.variance / binomial)
}
