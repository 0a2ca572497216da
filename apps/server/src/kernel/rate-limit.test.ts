import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RateLimit } from './rate-limit.ts'

const limited = (burst: number, everyMs: number) => {
  const clock = { time: 1_000, now: () => clock.time }
  return { clock, limit: new RateLimit(clock, { burst, everyMs }) }
}

it('lets a burst through, then one more each time that the pause is over', () => {
  const { clock, limit } = limited(3, 100)
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 100])
  clock.time += 99
  expect(limit.take('a')).toBe(1)
  clock.time += 1
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 100])
})

it('what is given back can be taken again, and nothing more', () => {
  const { limit } = limited(2, 100)
  for (let n = 0; n < 10; n++) {
    expect(limit.take('a')).toBe(0)
    limit.giveBack('a')
  }
  limit.giveBack('nobody')
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 100])
})

it('counts each key by itself, and forgets on demand', () => {
  const { limit } = limited(1, 100)
  expect([limit.take('a'), limit.take('b'), limit.take('a')]).toEqual([0, 0, 100])
  limit.forget('a')
  expect(limit.take('a')).toBe(0)
})

it('whoever waits as long as told is let through; never more than the burst and one per pause in any time', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 250 }), { maxLength: 60 }),
      (burst, waits) => {
        const { clock, limit } = limited(burst, 100)
        let passed = 0
        for (const wait of waits) {
          clock.time += wait
          const told = limit.wait('a')
          if (limit.take('a') === 0) passed++
          else {
            clock.time += told
            expect(limit.take('a')).toBe(0)
            passed++
          }
        }
        expect(passed).toBeLessThanOrEqual(burst + (clock.time - 1_000) / 100)
      },
    ),
  )
})

it('a clock that is set back keeps nobody waiting', () => {
  let [wall, passed] = [1_000_000, 0]
  const limit = new RateLimit({ now: () => wall, steady: () => passed }, { burst: 2, everyMs: 1_000 })
  limit.take('ada')
  wall = 1_000
  expect([limit.take('ada'), limit.take('ada')]).toEqual([0, 1_000])
  passed += 1_000
  expect(limit.take('ada')).toBe(0)
})
