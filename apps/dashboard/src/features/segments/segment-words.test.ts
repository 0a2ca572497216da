import { expect, it } from 'vitest'
import { reachWords, segmentDiff, segmentWords, usedByWords } from './segment-words.ts'

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

it('says what differs between two segments, in words', () => {
  const when = { attribute: 'plan', op: 'equals', value: 'pro' } as const
  expect(segmentDiff({ name: 'Pilots' }, { name: 'Pilots', when })).toEqual([
    {
      what: 'Everybody for whom this holds',
      before: 'no condition: only those who are listed',
      after: 'plan is pro',
    },
  ])
  expect(segmentDiff({ name: 'A', when }, { name: 'B', when })).toEqual([{ what: 'Name', before: 'A', after: 'B' }])
})

it('says who gains and loses a flag by a change of a segment', () => {
  const moved = (gains: number, losses: number) => ({ gains: { count: gains }, losses: { count: losses } })
  const at = { flag: 'pdf', environment: 'production' }
  type Moved = ReturnType<typeof moved>
  const words = (accounts: Moved, users: Moved) => reachWords({ ...at, forecast: { accounts, users } })
  expect(words(moved(3, 0), moved(0, 1))).toBe('pdf in production: 3 accounts gain it; 1 user loses it.')
  expect(words(moved(0, 0), moved(0, 0))).toBe('pdf in production: nobody gains or loses it.')
})
