import { sumsToLogE, tiltIncrements } from '../evidence/tilt.ts'
import { tiltGrids } from '../evidence/tilt-grids.ts'
import { requireNonNegative, requireOpenProbability, requirePositive } from '../numeric/checks.ts'

/** Counts per bucket of both groups over the same buckets, in ascending order. Bucket edges are at the upper ends. */
export type AlignedCounts = { readonly treated: readonly number[]; readonly control: readonly number[] }

/**
 * Quantile, allowed shift in buckets (default 0: "any slower"; 1 % buckets widen by 2.02 %, so 35 is about twofold),
 * design effect.
 */
export type QuantileRatioOptions = { readonly q: number; readonly shift?: number; readonly phi?: number }

/** Log E, and the index of the edge that gave it (-1: below all buckets). */
export type QuantileRatioEvidence = { readonly logE: number; readonly edge: number }

/** How many values lie above the upper edge of each bucket; `[0]` is above everything's lower end. */
function countsAboveEdges(counts: readonly number[]): number[] {
  const above = [0]
  for (const count of counts.toReversed()) {
    requireNonNegative('bucket count', count)
    above.push((above.at(-1) ?? 0) + count)
  }
  return above.reverse()
}

/** Half on the evidence, half kept: without it a far edge would pull the minimum down without end. */
const hedged = (logE: number): number => Math.max(logE, 0) + Math.log1p(Math.exp(-Math.abs(logE))) - Math.LN2

/**
 * Log E of a quantile of the exposed group against the comparison group's, from two histograms with the same buckets.
 *
 * Source: Howard & Ramdas 2022, Bernoulli 28:1704, without the union bound: the control quantile lies in some bucket,
 * and there both one-sided nulls hold, so the smallest evidence over all edges is valid.
 * Null: q quantile of T <= (bucket growth)^shift * q quantile of C. Exact for independent measurements (the counts at
 * edges are); with phi > 1, for measurements that cluster by unit, asymptotic. Throws a RangeError on negative counts,
 * groups with different numbers of buckets, or a shift that is not a whole number from 0 up.
 */
export function quantileRatioLogE(counts: AlignedCounts, options: QuantileRatioOptions): QuantileRatioEvidence {
  const { q, shift = 0, phi = 1 } = options
  requireOpenProbability('quantile q', q)
  requirePositive('design effect phi', phi)
  if (!Number.isSafeInteger(shift) || shift < 0) throw new RangeError(`shift must be a whole number, got ${shift}`)
  if (counts.treated.length !== counts.control.length) throw new RangeError('the groups must have the same buckets')
  const aboveT = countsAboveEdges(counts.treated)
  const aboveC = countsAboveEdges(counts.control)
  const evidence = (above: number, n: number, direction: 'up' | 'down'): number =>
    hedged(sumsToLogE(tiltGrids.G24, tiltIncrements(tiltGrids.G24, direction, { k: above, n, bound: 1 - q }), phi))
  let weakest: QuantileRatioEvidence = { logE: counts.treated.length === 0 ? 0 : Infinity, edge: -1 }
  for (let edge = -1; edge <= counts.treated.length - 2; edge++) {
    const slower = evidence(aboveT[edge + 2 + shift] ?? 0, aboveT[0] ?? 0, 'up')
    const faster = evidence(aboveC[edge + 1] ?? 0, aboveC[0] ?? 0, 'down')
    if (slower + faster < weakest.logE) weakest = { logE: slower + faster, edge }
  }
  return weakest
}
