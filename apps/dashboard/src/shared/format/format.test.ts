import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { duration, toIsoDuration, toTypedDuration } from './duration.ts'
import { count, counted, figure, listed, plural } from './number.ts'
import { percent, rate, roundPercent } from './percent.ts'
import { relativeTime } from './relative-time.ts'

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [380, '380 ms'],
    [2_400, '2.4 s'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [3_599_900, '1 h'],
    [86_400_000 * 2 + 3_600_000 * 3, '2 d 3 h'],
  ])('says %d ms as %s', (ms, words) => expect(duration(ms)).toBe(words))

  it('never says 60 of something', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e10 }), ms => !/\b60 (s|min)\b|\b24 h\b/.test(duration(ms))))
  })

  it('is written as ISO 8601', () => {
    expect(toIsoDuration({ amount: 24, unit: 'hours' })).toBe('PT24H')
    expect(toIsoDuration({ amount: 2, unit: 'days' })).toBe('P2D')
    expect(toTypedDuration(2 * 86_400_000)).toEqual({ amount: 2, unit: 'days' })
    expect(toTypedDuration(90 * 60_000)).toEqual({ amount: 90, unit: 'minutes' })
  })
})

describe('numbers', () => {
  it('groups thousands and counts nouns', () => {
    expect(count(12_004)).toBe('12,004')
    expect(counted(1, 'account')).toBe('1 account')
    expect(counted(3, 'SDK instance')).toBe('3 SDK instances')
    expect(plural('company')).toBe('companies')
  })

  it('keeps three digits that matter', () => {
    expect(figure(2.10472)).toBe('2.1')
    expect(figure(0.0021345)).toBe('0.00213')
    expect(figure(12_345.6)).toBe('12,346')
  })

  it('lists with a last joiner', () => {
    expect(listed(['US'], 'or')).toBe('US')
    expect(listed(['US', 'GB', 'DE'], 'or')).toBe('US, GB or DE')
  })
})

describe('percent', () => {
  it('has at most three decimals and a space that does not break', () => {
    expect(percent(5)).toBe('5\u00a0%')
    expect(percent(0.125)).toBe('0.125\u00a0%')
    expect(roundPercent(0.1 + 0.2)).toBe(0.3)
    expect(rate(0.012345)).toBe('1.23\u00a0%')
  })
})

describe('relativeTime', () => {
  it('looks both ways', () => {
    expect(relativeTime(1_000, 2_000)).toBe('just now')
    expect(relativeTime(0, 200_000)).toBe('3 min ago')
    expect(relativeTime(7_200_000, 0)).toBe('in 2 h')
  })
})
