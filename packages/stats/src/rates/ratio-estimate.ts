import type { RatioSlice } from './ratio.ts'

/**
 * Point estimate of rate T / rate C over all slices, never pooled: `sum kT C/(T+C)` over `sum kC T/(T+C)`, T and C the
 * exposures of a slice. `Infinity` when only T had events, null when nothing can be said (no events, or never both
 * groups at once).
 *
 * Source: Mantel & Haenszel 1959 in its rate form (Rothman & Boice 1979). Consistent when the ratio is the same in all
 * slices; for display and for "is the estimate beyond the limit", not a test.
 */
export function ratioEstimate(slices: readonly RatioSlice[]): number | null {
  let top = 0
  let bottom = 0
  for (const { kT, kC, exposureT, exposureC } of slices) {
    const exposure = exposureT + exposureC
    if (exposure === 0) continue
    top += (kT * exposureC) / exposure
    bottom += (kC * exposureT) / exposure
  }
  return top === 0 && bottom === 0 ? null : top / bottom
}
