import { sha1 } from '../hashes/sha1.ts'
import { bucketer, type HashScheme, runningTotals, withRest } from './scheme.ts'

function positionOf(text: string): number {
  return (sha1(text)[0] >>> 4) % 100
}

/** ConfigCat's percentage options, whose setting key is the salt: the first 7 hexadecimal digits of SHA-1 of key and id together, modulo 100. UTF-8. */
export const configcat: HashScheme = {
  step: 1,
  share: (salt, percent) => ({
    bucketer: bucketer(100, id => positionOf(salt + id)),
    threshold: Math.floor(percent),
  }),
  split: (salt, weights) => ({
    bucketer: bucketer(100, id => positionOf(salt + id)),
    ends: withRest(runningTotals(weights, 100), weights),
  }),
}
