import { expect, it } from 'vitest'
import { createManualClock } from '../../adapters/manual-clock.ts'
import { Touch } from './touch.ts'

function start() {
  const clock = createManualClock(1_000_000)
  const touch = new Touch(clock)
  const compare = () => touch.comparing()()
  return { clock, touch, compare }
}

it('is kept without the database as long as the bus works, and without the bus as long as the database answers', () => {
  const { clock, touch, compare } = start()
  clock.advance(3_600_000)
  expect(touch.lost).toBe(false)
  for (let second = 0; second < 60; second++) {
    touch.gap()
    clock.advance(1_000)
    compare()
    expect(touch.lost).toBe(false)
  }
})

it('is lost without both, after a few seconds; the bus alone does not bring it back, a comparison does', () => {
  const { clock, touch, compare } = start()
  touch.gap()
  clock.advance(4_999)
  expect(touch.lost).toBe(false)
  clock.advance(1)
  expect(touch.lost).toBe(true)
  clock.advance(60_000)
  expect(touch.lost).toBe(true)
  compare()
  expect(touch.lost).toBe(false)
})

it('is not brought back by a comparison that began before messages were lost', () => {
  const { clock, touch } = start()
  const done = touch.comparing()
  clock.advance(1)
  touch.gap()
  clock.advance(5_000)
  done()
  expect(touch.lost).toBe(true)
})

it('does not mind a clock that is set', () => {
  const { clock, touch, compare } = start()
  touch.gap()
  clock.set(clock.now() + 3_600_000)
  expect(touch.lost).toBe(false)
  clock.set(0)
  clock.advance(5_000)
  expect(touch.lost).toBe(true)
  compare()
  expect(touch.lost).toBe(false)
})
