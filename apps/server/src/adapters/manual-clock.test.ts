import { expect, it } from 'vitest'
import { createManualClock } from './manual-clock.ts'
import { systemClock } from './system-clock.ts'

it('stands still until it is advanced or set', () => {
  const clock = createManualClock(1_000)
  expect(clock.now()).toBe(1_000)
  clock.advance(500)
  expect(clock.now()).toBe(1_500)
  clock.set(200)
  expect(clock.now()).toBe(200)
  expect(clock.steady?.()).toBe(1_500)
})

it('refuses to advance backwards or to no time at all', () => {
  const clock = createManualClock(0)
  expect(() => clock.advance(-1)).toThrow(RangeError)
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError)
  expect(() => clock.set(Number.POSITIVE_INFINITY)).toThrow(RangeError)
  expect(clock.now()).toBe(0)
})

it('has a real one that tells the machine’s time in epoch milliseconds', () => {
  const before = Date.now()
  expect(systemClock.now()).toBeGreaterThanOrEqual(before)
  expect(systemClock.now()).toBeLessThanOrEqual(Date.now())
})
