import { betLogE } from '../evidence/bets.ts'
import type { Direction } from '../evidence/tilt.ts'
import { requireOpenProbability, requireProbability } from '../numeric/checks.ts'

/** One unit's outcome x in [0, 1] (did it adopt?), whether it was exposed, and with what probability it was to be. */
export type AssignedOutcome = { readonly x: number; readonly treated: boolean; readonly share: number }

/**
 * The difference of the null (default 0), direction (default `up`), and the smallest and largest share of the whole
 * plan: they size the bets, so they must be known beforehand.
 */
export type DifferenceOptions = {
  readonly d0?: number
  readonly direction?: Direction
  readonly shares: { readonly min: number; readonly max: number }
}

/**
 * Log E of the difference of two proportions or means of [0, 1] outcomes, one per unit, in order of maturity.
 *
 * Source: inverse probability weighting with betting on a fixed grid (Waudby-Smith & Ramdas 2024, JRSS-B 86:1).
 * Null: mean effect of exposure at most ('up') or at least ('down') d0 on the difference scale, given the past.
 * Exact for known assignment probabilities, which may change from stage to stage.
 * Throws a RangeError on outcomes outside [0, 1] and shares outside the plan's range.
 */
export function differenceLogE(units: readonly AssignedOutcome[], options: DifferenceOptions): number {
  const { d0 = 0, direction = 'up', shares } = options
  requireOpenProbability('smallest share', shares.min)
  requireOpenProbability('largest share', shares.max)
  if (!(d0 > -1 && d0 < 1)) throw new RangeError(`difference d0 must be between -1 and 1, got ${d0}`)
  const worst = direction === 'up' ? d0 + 1 / (1 - shares.max) : 1 / shares.min - d0
  const sign = direction === 'up' ? 1 : -1
  return betLogE(
    units.map(({ x, treated, share }) => {
      requireProbability('outcome x', x)
      if (!(share >= shares.min && share <= shares.max)) {
        throw new RangeError(`share ${share} is outside the plan's ${shares.min} to ${shares.max}`)
      }
      const weighted = treated ? x / share : -x / (1 - share)
      return (sign * (weighted - d0)) / worst
    }),
  )
}
