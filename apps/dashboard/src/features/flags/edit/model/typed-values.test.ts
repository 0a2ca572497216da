import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DURATION_PARTS, fromTypedDuration, toTypedDuration } from '../../../../shared/format/typed-duration.ts'
import { isLocalTime, toInstant, toLocalTime } from './local-time.ts'

describe('a moment', () => {
  it('is the same after it was shown in local time', () => {
    const minutes = fc.integer({ min: 0, max: 60_000_000 }).map(minute => new Date(minute * 60_000).toISOString())
    fc.assert(
      fc.property(minutes, at => {
        expect(Date.parse(toInstant(toLocalTime(at)))).toBe(Date.parse(at))
      }),
    )
  })

  it('is typed as it stands where it has no time zone', () => {
    expect(['2026-03-01', '1772355600000', 'soon'].map(isLocalTime)).toEqual([false, false, false])
    expect(['', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00+01:00'].map(isLocalTime)).toEqual([true, true, true])
    expect(toInstant('')).toBe('')
  })
})

describe('a duration', () => {
  it('of one part is an amount and a part', () => {
    for (const part of DURATION_PARTS) {
      expect(toTypedDuration(fromTypedDuration({ amount: 30, part }))).toEqual({ amount: 30, part })
    }
    expect(toTypedDuration('')).toEqual({ amount: undefined, part: 'days' })
  })

  it('of several parts is left as text', () => {
    expect(['P1Y6M', 'PT1H30M', 'a while'].map(toTypedDuration)).toEqual([undefined, undefined, undefined])
  })
})
