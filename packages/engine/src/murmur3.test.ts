import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referenceMurmur3 } from '../test/reference-murmur3.ts'
import { absorb, hashFrom, murmur3 } from './murmur3.ts'

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
