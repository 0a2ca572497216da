import { expect, it } from 'vitest'
import { RateLimit } from './rate-limit.ts'

it('lets a burst through, then as many as time allows, for each sender by itself', () => {
  let now = 0
  const limit = new RateLimit({ burst: 3, perSecond: 2, now: () => now })
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 1])
  expect(limit.take('b')).toBe(0)
  now = 500
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 1])
  now = 60_000
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 1])
})

it('says in whole seconds how long to wait, and a clock that jumps back gives nothing away', () => {
  let now = 100_000
  const limit = new RateLimit({ burst: 1, perSecond: 0.25, now: () => now })
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 4])
  now = 0
  expect(limit.take('a')).toBe(4)
})
