import { absorb, hashFrom, murmur3Bytes, seeded } from '../murmur3.ts'
import { bucketer, type HashScheme, runningTotals, withRest } from './scheme.ts'

/** Variants have a seed of their own, so that they stay balanced inside a roll-out. */
const VARIANT_SEED = 86_028_157

/**
 * The Unleash strategies, whose groupId is the salt: Murmur3 of `groupId:id`, modulo 100 for a roll-out (in when the
 * remainder is below the percentage, which is whole) and modulo the total weight (1,000) for variants. Unleash counts
 * both from 1. `id` is the value of the strategy's stickiness. Text in UTF-8, as its SDKs but the one for Node have it.
 */
export const unleash: HashScheme = {
  step: 1,
  share(salt, percent) {
    const state = absorb(`${salt}:`)
    return { bucketer: bucketer(100, id => (hashFrom(state, id) >>> 0) % 100), threshold: Math.floor(percent) }
  },
  split(salt, weights) {
    const state = absorb(`${salt}:`, seeded(VARIANT_SEED))
    const total = Math.max(1, Math.round(weights.reduce((sum, weight) => sum + weight, 0)))
    const ends = withRest(runningTotals(weights, total), weights)
    return { bucketer: bucketer(total, id => (hashFrom(state, id) >>> 0) % total), ends }
  },
}

/** The low byte of each code unit. */
function lowBytes(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i) & 255)
}

/** The same with the text encoding of Unleash's SDK for Node, the low byte of each UTF-16 code unit: other people only where ids are not ASCII. */
export const unleashNode: HashScheme = {
  step: 1,
  share: (salt, percent) => ({
    bucketer: bucketer(100, id => murmur3Bytes(lowBytes(`${salt}:${id}`)) % 100),
    threshold: Math.floor(percent),
  }),
  split(salt, weights) {
    const { bucketer: inUtf8, ends } = unleash.split(salt, weights)
    const hash = (id: string) => murmur3Bytes(lowBytes(`${salt}:${id}`), VARIANT_SEED)
    return { bucketer: bucketer(inUtf8.size, id => hash(id) % inUtf8.size), ends }
  },
}
