import { armBoundaries, Murmur3Bucketer, shareThreshold } from '../bucketing.ts'
import type { HashScheme } from './scheme.ts'

/** Dimmer's own, with a salt that is not the flag's. */
export const native: HashScheme = {
  step: 0.001,
  share: (salt, percent) => ({ bucketer: new Murmur3Bucketer(salt), threshold: shareThreshold(percent) }),
  split: (salt, weights) => ({ bucketer: new Murmur3Bucketer(salt), ends: armBoundaries(weights) }),
}
