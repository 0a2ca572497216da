import type { Bucketer } from '../bucketing.ts'

/** Who is in a share: those whose bucket is below the threshold. */
export interface ShareDeal {
  readonly bucketer: Bucketer
  readonly threshold: number
}

/** Who gets which arm: the first whose end is above the bucket. */
export interface SplitDeal {
  readonly bucketer: Bucketer
  readonly ends: readonly number[]
}

/**
 * How one system deals unit ids: with its own hash, its own scale and its own text encoding, so that a flag that comes
 * from there keeps its people. Weights that have the total of that system (or any other) are taken in proportion.
 */
export interface HashScheme {
  /** The finest percentage that it can tell from the next. */
  readonly step: number
  share(salt: string, percent: number): ShareDeal
  split(salt: string, weights: readonly number[]): SplitDeal
}

/** A bucketer from a function. `size`: how many buckets there are, or 1 for a scale from 0 to 1. */
export function bucketer(size: number, bucketOf: (unitId: string) => number): Bucketer {
  return { size, bucketOf }
}

/** The weights so far, after each arm, as parts of `whole`. Exactly the weights when they add up to it. */
export function runningTotals(weights: readonly number[], whole: number): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const isWhole = Math.abs(total - whole) < 1e-6 * whole
  let soFar = 0
  return weights.map(weight => {
    soFar += isWhole ? weight : (weight / total) * whole
    return soFar
  })
}

/** The last arm that has a weight takes what rounding left over. */
export function withRest(ends: readonly number[], weights: readonly number[]): readonly number[] {
  const last = weights.findLastIndex(weight => weight > 0)
  return ends.map((end, index) => (index >= last ? Number.POSITIVE_INFINITY : end))
}

/** How many of the buckets from 0 on pass, where those that do come first. Exact where arithmetic would round. */
export function countPassing(size: number, passes: (bucket: number) => boolean): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(middle)) low = middle + 1
    else high = middle
  }
  return low
}
