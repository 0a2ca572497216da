import { addSlices, startTilt, type TiltSlice, tiltLogE } from '../evidence/tilt.ts'
import type { TiltGridName } from '../evidence/tilt-grids.ts'
import { requireNonNegative, requirePositive } from '../numeric/checks.ts'
import type { EvidenceOptions } from './absolute-rate.ts'

/**
 * One tick (or tick x stratum) of two groups seen at the same time: events and exposure (requests, units, unit-days) of
 * the exposed group T and the comparison group C. Both exposures in the same measure.
 */
export type RatioSlice = {
  readonly kT: number
  readonly kC: number
  readonly exposureT: number
  readonly exposureC: number
}

/** The ratio of the null (default 1), the grid (default `G24`), direction and design effect. */
export type RatioOptions = EvidenceOptions & { readonly r0?: number; readonly grid?: TiltGridName }

function requireRatioSlice({ kT, kC, exposureT, exposureC }: RatioSlice): void {
  requireNonNegative('events kT', kT)
  requireNonNegative('events kC', kC)
  requireNonNegative('exposureT', exposureT)
  requireNonNegative('exposureC', exposureC)
  if (kT > 0 && exposureT === 0) throw new RangeError('events kT without exposureT')
  if (kC > 0 && exposureC === 0) throw new RangeError('events kC without exposureC')
}

/**
 * The conditional slice: of `kT + kC` events an event falls on T with probability at most `r0 w / (r0 w + 1 - w)`,
 * where w is T's share of the exposure **in this slice**. A slice in which one group has no exposure says nothing.
 */
export function ratioSlice(slice: RatioSlice, r0 = 1): TiltSlice {
  requireRatioSlice(slice)
  requirePositive('ratio r0', r0)
  const { kT, kC, exposureT, exposureC } = slice
  if (exposureT === 0 || exposureC === 0) return { k: 0, n: 0, bound: 0 }
  return { k: kT, n: kT + kC, bound: 1 / (1 + exposureC / exposureT / r0) }
}

/**
 * Log E of the ratio of two rates, by conditioning on the number of events in each slice.
 *
 * Source: conditional test of two Poisson rates (Przyborowski & Wilenski 1940) made sequential (Lindon & Malek 2022,
 * section 4), tilted as in `tiltLogE`.
 * Null: rate T / rate C <= r0 ('up') or >= r0 ('down') in every slice. Baselines and shares may change from slice to
 * slice: stages are never pooled, so neither a changing share nor a common outage looks like harm.
 * Exact for Poisson counts at any r0 and for Bernoulli at r0 = 1; for rare Bernoulli events at other r0 nearly so. With
 * phi > 1 asymptotic.
 * Throws a RangeError on impossible counts, or events in a group without exposure.
 */
export function ratioLogE(slices: readonly RatioSlice[], options: RatioOptions = {}): number {
  const { r0 = 1, grid = 'G24', direction = 'up', phi = 1 } = options
  const tiltSlices = slices.map(slice => ratioSlice(slice, r0))
  return tiltLogE(addSlices(startTilt({ grid, direction }), tiltSlices), phi)
}
