import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unsendableInJson } from './sendable.ts'

describe('JSON', () => {
  it('is judged by the texts in it, however they are escaped', () => {
    const unsendable = (value: unknown): boolean =>
      typeof value === 'string'
        ? value.includes('\0') || /\p{Surrogate}/u.test(value)
        : typeof value === 'object' && value !== null && Object.entries(value).flat().some(unsendable)
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\0', '\ud800', '\\u0000', '\\', '"\0'))
    fc.assert(
      fc.property(fc.dictionary(text, fc.array(text), { maxKeys: 4 }), value => {
        expect(unsendableInJson(JSON.stringify(value)) !== undefined).toBe(unsendable(value))
      }),
    )
  })

  it('has 50 levels at the most, whatever stands in its texts', () => {
    const nested = (levels: number) => `${'[{"a\\"[":'.repeat(levels / 2)}"[[["${'}]'.repeat(levels / 2)}`
    expect(unsendableInJson(nested(50))).toBeUndefined()
    expect(unsendableInJson(nested(52))).toBe('are nested more than 50 levels deep')
  })
})
