import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { armBoundaries, BUCKETS, bucketOf, shareThreshold } from './bucketing.ts'
import { murmur3 } from './murmur3.ts'

describe('buckets', () => {
  it('scale the hash of "salt:unit" to 100,000', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (salt, unit) => {
        const hash = BigInt(murmur3(`${salt}:${unit}`))
        expect(bucketOf(salt, unit)).toBe(Number((hash * 100_000n) >> 32n))
      }),
    )
  })

  it('stay within 0 to 99,999 at both ends of the hash', () => {
    const hashOf: Record<string, number> = { ejOoVL: 0, ceQdGm: 4_294_967_295 }
    expect(Object.keys(hashOf).map(key => murmur3(key))).toEqual(Object.values(hashOf))
    expect(Math.floor((4_294_967_295 * BUCKETS) / 2 ** 32)).toBe(99_999)
  })
})

describe('the threshold of a share', () => {
  it('is exact to 0.001 %', () => {
    expect([0, 0.001, 0.07, 1.1, 5, 33.333, 99.999, 100].map(shareThreshold)).toEqual([
      0, 1, 70, 1100, 5000, 33_333, 99_999, 100_000,
    ])
  })
})

describe('the arms of a split', () => {
  it('follow each other without a gap and the last one ends at 100,000', () => {
    expect(armBoundaries([1, 1])).toEqual([50_000, 100_000])
    expect(armBoundaries([1, 1, 1])).toEqual([33_333, 66_667, 100_000])
    expect(armBoundaries([90, 10])).toEqual([90_000, 100_000])
    expect(armBoundaries([0.1, 0.2])).toEqual([33_333, 100_000])
  })

  it('give nothing to a weight of 0, wherever it stands', () => {
    expect(armBoundaries([0, 1, 0, 1, 0])).toEqual([0, 50_000, 50_000, 100_000, 100_000])
  })
})
