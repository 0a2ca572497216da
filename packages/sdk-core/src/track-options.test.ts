import { expect, it } from 'vitest'
import { goodTrackOptions } from './track-options.ts'

it('keeps what can be sent', () => {
  const options = { ok: false, ms: 0, value: -3.5, creates: 'invoice' }
  expect(goodTrackOptions(options)).toEqual(options)
})

it.each([
  { ok: 1 },
  { ms: -1 },
  { ms: Number.NaN },
  { ms: 1e10 },
  { value: Number.POSITIVE_INFINITY },
  { value: '3' },
  { creates: '' },
  { creates: 7 },
  { other: 1 },
])('leaves out %j', options => {
  expect(goodTrackOptions(options as never)).toEqual({})
})

it('cuts a text that is too long, and replaces what cannot be stored', () => {
  expect(goodTrackOptions({ creates: `a\0${'x'.repeat(300)}` })).toEqual({ creates: `a\ufffd${'x'.repeat(198)}` })
})
