import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fieldWords, readableChanges } from './readable-changes.ts'

it('names fields as a person would', () => {
  expect(fieldWords('on')).toBe('on')
  expect(fieldWords('offVariant')).toBe('off variant')
  expect(fieldWords('rules.pilots.share.percent')).toBe('rule pilots, share, percent')
  expect(fieldWords('rules')).toBe('rules')
})

it('tells rules, conditions, shares and splits as the page of the flag does', () => {
  const rule = {
    id: 'pilots',
    name: 'Pilots',
    when: { attribute: 'plan', op: 'in', value: ['pro', 'enterprise'] },
    share: { unit: 'account', percent: 5 },
    serve: { variant: 'on' },
  }
  expect(readableChanges([{ path: 'rules', after: [rule] }])).toEqual([
    {
      field: 'rule pilots',
      after: expect.stringMatching(/^Pilots: 5\s% of accounts where plan is pro or enterprise get on$/),
    },
  ])
  const split = {
    split: {
      unit: 'user',
      arms: [
        { variant: 'a', weight: 1 },
        { variant: 'b', weight: 1 },
      ],
    },
  }
  expect(readableChanges([{ path: 'fallthrough', before: { variant: 'a' }, after: split }])).toEqual([
    { field: 'fallthrough', before: 'a', after: 'a / b split 50/50 by user' },
  ])
})

it('goes into what it does not know, field by field', () => {
  const settings = { url: 'https://example.com', units: ['user', 'account'] }
  expect(readableChanges([{ path: 'settings', after: settings }])).toEqual([
    { field: 'settings, url', after: 'https://example.com' },
    { field: 'settings, units', after: 'user, account' },
  ])
  expect(readableChanges([{ path: 'variants', after: { on: true, off: false } }])).toEqual([
    { field: 'variant on', after: 'true' },
    { field: 'variant off', after: 'false' },
  ])
})

it('shows only what differs, and leaves out what is empty in something new', () => {
  expect(readableChanges([{ path: 'on', before: true, after: false }])).toEqual([
    { field: 'on', before: 'on', after: 'off' },
  ])
  expect(
    readableChanges([
      { path: 'rules', after: [] },
      { path: 'description', after: '' },
    ]),
  ).toEqual([])
  expect(readableChanges([{ path: 'name', before: 'A' }])).toEqual([{ field: 'name', before: 'A' }])
  expect(readableChanges([{ path: 'roles', before: ['a'], after: [] }])).toEqual([
    { field: 'roles', before: 'a', after: 'none' },
  ])
})

it('cuts long lists', () => {
  const ids = Array.from({ length: 1_025 }, (_, n) => `acc-${n}`)
  expect(readableChanges([{ path: 'ids', after: ids }])[0]?.after).toMatch(/acc-19 and 1,005 more$/)
})

it('never throws, and never shows JSON of an object, whatever was written down', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (before, after) => {
      for (const { before: was, after: is } of readableChanges([{ path: 'x', before, after }])) {
        expect(was ?? is).toBeTypeOf('string')
        expect(`${was} ${is}`).not.toContain('[object Object]')
      }
    }),
    { numRuns: 200 },
  )
})
