import { BUCKETS, shareThreshold } from '../bucketing.ts'
import { utf8 } from '../hashes/bytes.ts'
import { absorb, hashFrom, murmur3Bytes } from '../murmur3.ts'
import { bucketer, type HashScheme, runningTotals, withRest } from './scheme.ts'

/** A hash of 0 to 2^32 - 1 for an id under a salt. */
type Hash = (salt: string) => (unitId: string) => number

function ofText(salt: string): (unitId: string) => number {
  const state = absorb(salt)
  return id => hashFrom(state, id) >>> 0
}

function cborText(text: string): readonly number[] {
  const bytes = utf8(text)
  const { length } = bytes
  if (length < 24) return [0x60 | length, ...bytes]
  if (length < 0x100) return [0x78, length, ...bytes]
  if (length < 0x10000) return [0x79, length >> 8, length & 255, ...bytes]
  return [0x7a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255].concat(bytes)
}

function ofCbor(salt: string): (unitId: string) => number {
  const before = [0x82, ...cborText(salt)]
  return id => murmur3Bytes(before.concat(cborText(id)))
}

/** The percentage, 0 to 100, that the first version made of the size of a signed hash. */
function percentage(hash: number): number {
  return (Math.abs(hash | 0) / 2 ** 31) * 100
}

/** `fractional` as it was first: 0 to 100 from the absolute value of the signed Murmur3 of `salt` and `id` together. */
export const flagdV1: HashScheme = {
  step: 0.001,
  share(salt, percent) {
    const hash = ofText(salt)
    const threshold = percent >= 100 ? Number.POSITIVE_INFINITY : percent
    return { bucketer: bucketer(100, id => percentage(hash(id))), threshold }
  },
  split(salt, weights) {
    const hash = ofText(salt)
    const ends = withRest(runningTotals(weights, 100), weights)
    return { bucketer: bucketer(100, id => percentage(hash(id))), ends }
  },
}

/** `fractional` scaled to the total weight, by multiplying. A share has the scale of 100,000, which deals whole percents alike. */
function scaled(hashUnder: Hash): HashScheme {
  const under = (salt: string, size: number) => {
    const hash = hashUnder(salt)
    return bucketer(size, id => Math.floor((hash(id) * size) / 2 ** 32))
  }
  return {
    step: 0.001,
    share: (salt, percent) => ({ bucketer: under(salt, BUCKETS), threshold: shareThreshold(percent) }),
    split(salt, weights) {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return { bucketer: under(salt, total), ends: withRest(runningTotals(weights, total), weights) }
    },
  }
}

/** `fractional` of flagd-core 4 and its likes: Murmur3 of `salt` (the flag's key, unless said otherwise) and `id` together, in UTF-8. */
export const flagdV2: HashScheme = scaled(ofText)

/** The third version: Murmur3 of the CBOR array `[salt, id]`. */
export const flagdV3: HashScheme = scaled(ofCbor)
