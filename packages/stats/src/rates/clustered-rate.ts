import { requireNonNegative } from '../numeric/checks.ts'

/** One unit's total of the numerator (errors) and of the denominator (requests). */
export type UnitTotals = { readonly y: number; readonly x: number }

/** Estimate of `sum y / sum x`; `variance` is null with fewer than two units. Units: of the ratio, and its square. */
export type ClusteredRate = { readonly rate: number; readonly variance: number | null; readonly units: number }

/**
 * Ratio metric of one group (errors per request, revenue per order) with a variance that respects that requests of one
 * unit belong together: `n/(n-1) sum (y_i - R x_i)^2 / (sum x)^2`, n the units with any x or y. Null when no unit has a
 * denominator.
 *
 * Source: delta method (Deng, Knoblich, Lu, KDD 2018). Asymptotic in the number of units: at least 30 per group before
 * it is shown as an error bar. A fixed-time variance for charts; it decides nothing.
 */
export function clusteredRate(units: readonly UnitTotals[]): ClusteredRate | null {
  let count = 0
  let sumY = 0
  let sumX = 0
  for (const { y, x } of units) {
    requireNonNegative('denominator x', x)
    if (!Number.isFinite(y)) throw new RangeError(`numerator y must be finite, got ${y}`)
    if (x !== 0 || y !== 0) count++
    sumY += y
    sumX += x
  }
  if (sumX === 0) return null
  const rate = sumY / sumX
  const squares = units.reduce((sum, { y, x }) => sum + (y - rate * x) ** 2, 0)
  const variance = count < 2 ? null : ((count / (count - 1)) * squares) / sumX ** 2
  return { rate, variance, units: count }
}
