import { addSlices, startTilt, type TiltSlice, tiltLogE } from '../evidence/tilt.ts'
import { requireOpenProbability } from '../numeric/checks.ts'
import type { EvidenceOptions } from '../rates/absolute-rate.ts'

/** How many of `n` measurements were above the limit. */
export type OverLimitCount = { readonly over: number; readonly n: number }

/**
 * The slice of a quantile against a limit: "the q quantile is above L" is "more than 1 - q of the measurements are
 * above L".
 */
export function quantileSlice(count: OverLimitCount, q: number): TiltSlice {
  requireOpenProbability('quantile q', q)
  return { k: count.over, n: count.n, bound: 1 - q }
}

/**
 * Log E of a quantile (`q` = 0.95 for p95) against an absolute limit L; needs only the counts of measurements above L,
 * no sketch.
 *
 * Source: `tiltLogE` on P(X > L). Null: the q quantile is at most L ('up': evidence of violation), or at least L
 * ('down': evidence to expand).
 * Exact for independent measurements. Requests cluster by unit: pass `phi = designEffect(...)` of the per-unit counts
 * (then asymptotic), or count unit-minutes with any measurement above L.
 */
export function quantileLogE(counts: readonly OverLimitCount[], q: number, options: EvidenceOptions = {}): number {
  const { direction = 'up', phi = 1 } = options
  const slices = counts.map(count => quantileSlice(count, q))
  return tiltLogE(addSlices(startTilt({ direction }), slices), phi)
}
