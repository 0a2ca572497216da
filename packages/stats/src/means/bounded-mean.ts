import { betLogE } from '../evidence/bets.ts'
import type { Direction } from '../evidence/tilt.ts'
import { requirePositive } from '../numeric/checks.ts'

/** The mean of the null, which way to test (default `up`), and the largest possible value (default 1). */
export type BoundedMeanOptions = { readonly limit: number; readonly direction?: Direction; readonly largest?: number }

/**
 * Log E of the mean of values in [0, largest], one per unit and in order of arrival: the error share of each account,
 * say.
 *
 * Source: Waudby-Smith & Ramdas 2024, JRSS-B 86:1, betting on a fixed grid. Null: each value has mean at most ('up') or
 * at least ('down') `limit`, given the earlier ones. Exact, whatever the distribution. Unit: that of the values.
 * Throws a RangeError on values outside [0, largest] and on a limit not strictly inside.
 */
export function boundedMeanLogE(values: readonly number[], options: BoundedMeanOptions): number {
  const { limit, direction = 'up', largest = 1 } = options
  requirePositive('largest value', largest)
  if (!(limit > 0 && limit < largest)) throw new RangeError(`limit must be between 0 and ${largest}, got ${limit}`)
  for (const value of values) {
    if (!(value >= 0 && value <= largest)) throw new RangeError(`value must be from 0 to ${largest}, got ${value}`)
  }
  const worst = direction === 'up' ? limit : largest - limit
  const sign = direction === 'up' ? 1 : -1
  return betLogE(values.map(value => (sign * (value - limit)) / worst))
}
