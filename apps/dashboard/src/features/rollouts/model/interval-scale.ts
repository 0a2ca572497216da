/** Where an estimate, its bounds and the limit lie on a drawn scale; all positions 0 to 1. */
export interface IntervalScale {
  readonly limit: number
  readonly estimate: number | undefined
  readonly from: number
  readonly to: number
  /** The upper bound lies beyond the scale (or is not known yet): draw an open end. */
  readonly openEnd: boolean
}

interface Interval {
  readonly limit: number
  readonly estimate: number | undefined
  readonly lower: number | undefined
  readonly upper: number | undefined
}

const CEILING = 3

/** A scale from 0 to a bit over the largest number, but never more than three limits: a wild bound must not hide the limit. */
export function intervalScale({ limit, estimate, lower, upper }: Interval): IntervalScale {
  const most = CEILING * limit
  const top = Math.min(most, 1.15 * Math.max(1.5 * limit, estimate ?? 0, lower ?? 0, upper ?? most))
  const at = (value: number) => Math.min(1, Math.max(0, value / top))
  return {
    limit: at(limit),
    estimate: estimate === undefined ? undefined : at(estimate),
    from: at(lower ?? 0),
    to: at(upper ?? top),
    openEnd: upper === undefined || upper > top,
  }
}
