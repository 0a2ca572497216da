import { addSlices, type Direction, startTilt, type TiltSlice, tiltLogE } from '../evidence/tilt.ts'

/** `k` events in `n` trials (or units), `k <= n`; fractions allowed. */
export type RateCount = { readonly k: number; readonly n: number }

/** Which way to test (default `up`) and the design effect (default 1, exact). */
export type EvidenceOptions = { readonly direction?: Direction; readonly phi?: number }

/**
 * The slice of a rate against an absolute limit, for a state that is kept: `addSlice(state, rateSlice(count, 0.02))`.
 */
export function rateSlice(count: RateCount, limit: number): TiltSlice {
  return { k: count.k, n: count.n, bound: limit }
}

/**
 * Log E of a Bernoulli rate against an absolute limit, on grid `G24`.
 *
 * Source: `tiltLogE`. Null: rate <= limit ('up': evidence of violation) or rate >= limit ('down': evidence to expand).
 * Exact for independent trials (phi = 1) or one count per unit; requests that cluster by unit need `designEffect` as
 * phi, then asymptotic. An absolute violation says nothing about the cause: compare with the control group before
 * acting on it.
 */
export function rateLogE(counts: readonly RateCount[], limit: number, options: EvidenceOptions = {}): number {
  const { direction = 'up', phi = 1 } = options
  const slices = counts.map(count => rateSlice(count, limit))
  return tiltLogE(addSlices(startTilt({ direction }), slices), phi)
}
