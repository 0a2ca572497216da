import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDuration, parseInstant, subtractDuration } from './instants.ts'

const anyDate = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T00:00:00Z'),
  noInvalidDate: true,
})
const iso = (instant: number) => new Date(instant).toISOString()

describe('parseInstant', () => {
  it('reads what toISOString writes', () => {
    fc.assert(
      fc.property(anyDate, date => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime())
      }),
    )
  })

  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01t09:30:00z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01 09:30:00+00:00', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T00:30:00+05:30', '2026-02-28T19:00:00.000Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.000Z'],
    ['2026-03-01T09:30:00.5Z', '2026-03-01T09:30:00.500Z'],
    ['2026-03-01T09:30:00.123999Z', '2026-03-01T09:30:00.123Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(iso(parseInstant(text))).toBe(expected)
  })

  it.each([
    '',
    'yesterday',
    '2026',
    '2026-3-1',
    '2026-13-01',
    '2026-00-10',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '20260301',
    '2026-03-01T09:30Z',
    '2026-03-01T09:30:00',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T09:30:61Z',
    '2026-03-01T09:30:00.Z',
    '2026-03-01T09:30:00+0530',
    '2026-03-01T09:30:00+24:00',
    '2026-03-01T09:30:00+05:60',
    '2026-03-01T09:30:00Zz',
    '2026-03-01X09:30:00Z',
    ' 2026-03-01',
    '2026-03-01 ',
    '-026-03-01',
    '２０２６-03-01',
    '2026/03/01',
    '2026-03-01T09-30-00Z',
    '2026-03-01T09:30:00*05:30',
  ])('refuses %j', text => {
    expect(parseInstant(text)).toBeNaN()
  })

  it('takes numbers as milliseconds and nothing else', () => {
    expect(parseInstant(1.9)).toBe(1)
    expect(parseInstant(-86_400_000)).toBe(-86_400_000)
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, true, null, undefined, {}, []]) {
      expect(parseInstant(value)).toBeNaN()
    }
  })
})

describe('parseDuration', () => {
  it.each([
    ['P30D', 0, 30 * 86_400_000],
    ['P2W', 0, 14 * 86_400_000],
    ['PT36H', 0, 36 * 3_600_000],
    ['PT1M', 0, 60_000],
    ['P1M', 1, 0],
    ['P1Y2M3DT4H5M6S', 14, 3 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000 + 6000],
    ['P0D', 0, 0],
  ])('reads %s', (text, months, milliseconds) => {
    expect(parseDuration(text)).toEqual({ months, milliseconds })
  })

  it.each(['', 'P', 'PT', 'P1', '30D', 'P1.5D', 'P-1D', '-P1D', 'P1DT', 'P1H', 'PT1D', 'p1d', ' P1D', 'P1D1Y'])(
    'refuses %j',
    text => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )
})

describe('subtractDuration', () => {
  it.each([
    ['2026-03-31T10:00:00.000Z', 'P1M', '2026-02-28T10:00:00.000Z'],
    ['2024-03-31T10:00:00.000Z', 'P1M', '2024-02-29T10:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 'P1Y', '2023-02-28T00:00:00.000Z'],
    ['2026-01-15T00:00:00.000Z', 'P1M', '2025-12-15T00:00:00.000Z'],
    ['2026-01-15T00:00:00.000Z', 'P13M', '2024-12-15T00:00:00.000Z'],
    ['2026-03-31T00:00:00.000Z', 'P1M1D', '2026-02-27T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', 'P1M', '1969-11-30T23:59:59.999Z'],
    ['2026-03-01T12:00:00.000Z', 'P30D', '2026-01-30T12:00:00.000Z'],
  ])('%s minus %s is %s', (now, text, expected) => {
    const duration = parseDuration(text)
    expect(duration && iso(subtractDuration(Date.parse(now), duration))).toBe(expected)
  })

  it('undoes months on days that every month has', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 1, max: 600 }), (date, months) => {
        const then = new Date(date)
        then.setUTCDate(Math.min(28, then.getUTCDate()))
        const back = new Date(subtractDuration(then.getTime(), { months, milliseconds: 0 }))
        back.setUTCMonth(back.getUTCMonth() + months)
        expect(back).toEqual(then)
      }),
    )
  })

  it('ends for any now', () => {
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e300, 8.64e15]) {
      expect(subtractDuration(now, { months: 1, milliseconds: 0 })).toBeTypeOf('number')
    }
  })
})
