import { addSums, sumsToLogE } from '../evidence/tilt.ts'
import { tiltGrids } from '../evidence/tilt-grids.ts'
import { requireNonNegative, requirePositive } from '../numeric/checks.ts'
import type { EvidenceOptions } from '../rates/absolute-rate.ts'

/** `k` events where the limit rate times the exposure (unit-days) allows `expected`. */
export type CountSlice = { readonly k: number; readonly expected: number }

/**
 * Log E of a count of events in time (tickets) against a limit rate, on grid `G24`.
 *
 * Source: tilted Poisson counts mixed over a fixed grid (Robbins 1970; Howard et al. 2021, AoS 49:1055).
 * Null: the rate is at most ('up') or at least ('down') the limit in every slice. Exact for Poisson counts at phi = 1;
 * with phi > 1 asymptotic. Where one unit files many tickets, count first tickets instead (`logRankLogE`). For tickets
 * against the comparison group use `ratioLogE` with unit-days as exposure. Throws a RangeError on negative counts.
 */
export function countLogE(slices: readonly CountSlice[], options: EvidenceOptions = {}): number {
  const { direction = 'up', phi = 1 } = options
  requirePositive('design effect phi', phi)
  const grid = tiltGrids.G24
  const sign = direction === 'up' ? 1 : -1
  const growth = direction === 'up' ? grid.up : grid.down
  const sums = slices.reduce(
    (total, { k, expected }) => {
      requireNonNegative('count k', k)
      requireNonNegative('expected count', expected)
      return addSums(
        total,
        Array.from(grid.tilts, (tilt, j) => sign * tilt * k - expected * (growth[j] ?? 0)),
      )
    },
    Array.from(grid.tilts, () => 0),
  )
  return sumsToLogE(grid, sums, phi)
}
