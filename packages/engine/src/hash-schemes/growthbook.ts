import { fnv1a } from '../hashes/fnv1a.ts'
import { bucketer, countPassing, type HashScheme, runningTotals, withRest } from './scheme.ts'

/**
 * GrowthBook's experiments and roll-outs, whose seed is the salt: FNV-1a over UTF-16 code units, on a scale of `size` steps.
 * A roll-out takes the step at its limit in (`n <= coverage`), so 5 % of 1,000 steps are 51. Namespaces are not here; an
 * experiment with a coverage below 1 is a split with an arm of the control after each of its own.
 */
function growthbook(size: number, positionOf: (seed: string, id: string) => number): HashScheme {
  return {
    step: 100 / size,
    share: (salt, percent) => ({
      bucketer: bucketer(size, id => positionOf(salt, id)),
      threshold: percent === 0 ? 0 : countPassing(size, position => position / size <= percent / 100),
    }),
    split: (salt, weights) => ({
      bucketer: bucketer(size, id => positionOf(salt, id)),
      ends: withRest(
        runningTotals(weights, 1).map(end => countPassing(size, position => position / size < end)),
        weights,
      ),
    }),
  }
}

/** Hash version 1, of the value and then the seed: slightly uneven, kept by GrowthBook for old experiments. */
export const growthbookV1: HashScheme = growthbook(1_000, (seed, id) => fnv1a(id + seed) % 1_000)

/** Hash version 2, of the seed and then the value, hashed once more as decimal digits. */
export const growthbookV2: HashScheme = growthbook(10_000, (seed, id) => fnv1a(String(fnv1a(seed + id))) % 10_000)
