import { describe, expect, it } from 'vitest'
import { SAMPLE_FLAGS } from '../../../../test/sample-flags.ts'
import { EMPTY_FLAG_FORM, parseVariants, toCreateFlag, VARIANT_EXAMPLES } from './create-flag-form.ts'
import { filterFlags } from './filter-flags.ts'

describe('filterFlags', () => {
  const found = (search: string) => filterFlags(SAMPLE_FLAGS, search).map(flag => flag.key)

  it('needs all words, in key, name or description', () => {
    expect(found('pdf')).toEqual(['new-pdf-engine'])
    expect(found('  INVOICES one ')).toEqual(['bulk-invoice-api'])
    expect(found('pdf chatbot')).toEqual([])
  })

  it('sorts by name and leaves out what is archived', () => {
    expect(found('')[0]).toBe('ai-chatbot')
    const archived = SAMPLE_FLAGS.map(flag => ({ ...flag, archivedAt: flag.createdAt }))
    expect(filterFlags(archived, '')).toEqual([])
  })
})

describe('parseVariants', () => {
  it.each(['string', 'number', 'json'] as const)('reads its own example for %s', type => {
    expect(parseVariants(type, VARIANT_EXAMPLES[type]).ok).toBe(true)
  })

  it('keeps colons in values, and takes a lone key as its own text', () => {
    expect(parseVariants('string', 'a: x:y\nb')).toEqual({ ok: true, variants: { a: 'x:y', b: 'b' } })
  })

  it.each([
    ['number', 'a: 1\nb: two', '"b: two" has no number after the colon.'],
    ['json', 'a: {}\nb: {', '"b: {" has no json after the colon.'],
    ['string', 'a: 1\na: 2', '"a" is there twice.'],
    ['string', 'a: 1', 'A flag needs at least two variants.'],
  ] as const)('says what is wrong with %s variants %j', (type, text, why) => {
    expect(parseVariants(type, text)).toEqual({ ok: false, why })
  })
})

describe('toCreateFlag', () => {
  it('sends only what was filled in', () => {
    expect(toCreateFlag({ ...EMPTY_FLAG_FORM, key: 'f', name: ' F ' }, undefined)).toEqual({
      key: 'f',
      name: 'F',
      type: 'boolean',
    })
  })
})
