import { expect, it } from 'vitest'
import { ERASED, hideText } from './hide-text.ts'

const without = (value: unknown, ...ids: string[]) => hideText(value, new Set(ids))

it('takes an id out of lists, members and their names, wherever they are nested', () => {
  const value = { after: { ids: ['acc-001', 'acc-002'], of: { 'acc-001': 7 }, owner: 'acc-001', on: true, n: null } }
  expect(without(value, 'acc-001')).toEqual({
    after: { ids: [ERASED, 'acc-002'], of: { [ERASED]: 7 }, owner: ERASED, on: true, n: null },
  })
})

it('takes an id out of a sentence, but not out of a longer id', () => {
  const text = 'for anna+x@example.com, not hanna+x@example.com; anna+x@example.com2'
  expect(without(text, 'anna+x@example.com')).toBe(`for ${ERASED}, not hanna+x@example.com; anna+x@example.com2`)
  expect(without('acc-1000 acc-100-b acc-100.', 'acc-100')).toBe(`acc-1000 acc-100-b ${ERASED}.`)
})

it('takes a short id out only where it stands alone', () => {
  expect(without({ on: true, variant: 'on', title: 'on and on' }, 'on')).toEqual({
    on: true,
    variant: ERASED,
    title: 'on and on',
  })
})
