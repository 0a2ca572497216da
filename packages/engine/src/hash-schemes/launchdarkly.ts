import { sha1 } from '../hashes/sha1.ts'
import { bucketer, type HashScheme, runningTotals, withRest } from './scheme.ts'

/** fffffffffffffff, as the double that every SDK makes of it. */
const LARGEST = 2 ** 60
/** LaunchDarkly's weights are thousandths of a percent. */
const WEIGHTS = 100_000

/** The first 15 hexadecimal digits of SHA-1, from 0 to 1 and both included. */
function positionOf(text: string): number {
  const [first, second] = sha1(text)
  return (first * 0x10000000 + (second >>> 4)) / LARGEST
}

/**
 * LaunchDarkly's roll-outs: SHA-1 of `salt.id`, where the salt is `flagKey.salt` of the flag there, or the seed of an
 * experiment. The id is the context's key, or the attribute that the roll-out goes by. UTF-8.
 */
export const launchdarkly: HashScheme = {
  step: 0.001,
  share: (salt, percent) => ({
    bucketer: bucketer(1, id => positionOf(`${salt}.${id}`)),
    threshold: percent >= 100 ? Number.POSITIVE_INFINITY : Math.round(percent * 1_000) / WEIGHTS,
  }),
  split(salt, weights) {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const ends = runningTotals(
      weights.map(weight => weight / total),
      1,
    )
    return { bucketer: bucketer(1, id => positionOf(`${salt}.${id}`)), ends: withRest(ends, weights) }
  },
}
