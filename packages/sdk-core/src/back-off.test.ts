import { expect, it } from 'vitest'
import { BackOff } from './back-off.ts'

function rig(dice = 1) {
  const clock = { now: 0 }
  const backOff = new BackOff({
    random: () => dice,
    now: () => clock.now,
    baseMs: 500,
    capMs: 30_000,
    stableAfterMs: 60_000,
  })
  return { backOff, clock }
}

it('doubles the ceiling up to the cap, and draws below it', () => {
  const { backOff } = rig()
  expect(Array.from({ length: 8 }, () => backOff.next())).toEqual([500, 1e3, 2e3, 4e3, 8e3, 16e3, 3e4, 3e4])
  expect(rig(0.25).backOff.next()).toBe(125)
  expect(rig(0).backOff.next()).toBe(0)
})

it('does not start over because a stream opened, only because it held', () => {
  const { backOff, clock } = rig()
  backOff.next()
  backOff.up()
  clock.now = 59_999
  expect(backOff.next()).toBe(1_000)
  clock.now = 1e9
  expect(backOff.next()).toBe(2_000)
  backOff.up()
  clock.now += 30_000
  backOff.up()
  clock.now += 30_000
  expect([backOff.next(), backOff.next()]).toEqual([500, 1_000])
})

it('starts over once a request was answered', () => {
  const { backOff } = rig()
  backOff.next()
  backOff.next()
  backOff.reset()
  expect(backOff.next()).toBe(500)
})
