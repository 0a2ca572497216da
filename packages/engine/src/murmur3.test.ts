import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absorb, hashFrom, murmur3 } from './murmur3.ts'

/** The algorithm as it is usually written down: over bytes, one block after another. */
function referenceMurmur3(text: string): number {
  const bytes = new TextEncoder().encode(text)
  const view = new DataView(bytes.buffer)
  const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by))
  const scramble = (k: number) => Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593)
  const blocks = bytes.length >> 2
  let hash = 0
  for (let i = 0; i < blocks; i++) {
    hash = Math.imul(rotate(hash ^ scramble(view.getUint32(i * 4, true)), 13), 5) + 0xe6546b64
  }
  const rest = bytes.subarray(blocks * 4)
  hash ^= scramble((rest[0] ?? 0) | ((rest[1] ?? 0) << 8) | ((rest[2] ?? 0) << 16))
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const { vectors } = JSON.parse(readFileSync(new URL('../../../spec/murmur3.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly { readonly key: string; readonly mm3: number }[]
}

/** Any sequence of code units: plain, accented, emoji and halves of surrogate pairs. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.integer({ min: 0xd700, max: 0xe100 }).map(unit => String.fromCharCode(unit)),
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.join(''))

describe('murmur3', () => {
  it.each(vectors)('gives $mm3 for $key', ({ key, mm3 }) => {
    expect(murmur3(key)).toBe(mm3)
  })

  it('equals the reference over the bytes of any text, lone surrogates included', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(murmur3(text)).toBe(referenceMurmur3(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('can be resumed after any prefix', () => {
    const split = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 9 }), fc.string({ unit: 'grapheme', maxLength: 9 }))
    fc.assert(
      fc.property(split, ([prefix, rest]) => {
        expect(hashFrom(absorb(prefix), rest) >>> 0).toBe(referenceMurmur3(prefix + rest))
      }),
      { numRuns: 2000 },
    )
  })
})
