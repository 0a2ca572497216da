import { expect, it } from 'vitest'
import { segmentWords, usedByWords } from './segment-words.ts'

const list = (unit: string, count: number) => ({ unit, count, sample: [] })

it('says who is in a segment: by condition, by list, and who never is', () => {
  const when = { attribute: 'plan', op: 'equals', value: 'pro' } as const
  expect(segmentWords({ when, list: list('account', 12_004), exclude: list('user', 1) })).toBe(
    'plan is pro, or 12,004 listed accounts, without 1 listed user',
  )
  expect(segmentWords({ list: list('workspace', 1) })).toBe('1 listed workspace')
  expect(segmentWords({})).toBe('nobody')
})

it('counts flags once, however many of their rules name it', () => {
  const rule = (flag: string, name: string) => ({ kind: 'rule', flag, environment: 'production', rule: name }) as const
  expect(usedByWords([rule('a', '1'), rule('a', '2'), rule('b', '1'), { kind: 'segment', segment: 's' }])).toBe(
    'used by 2 flags and 1 segment',
  )
  expect(usedByWords([])).toBe('not used')
})
