import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fullJitter } from './full-jitter.ts'

it('pauses between nothing and a bound that doubles up to the cap', () => {
  const bounds = { baseMs: 100, capMs: 5_000 }
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
      const pause = fullJitter(failures, bounds, () => chance)
      expect(pause).toBeGreaterThanOrEqual(0)
      expect(pause).toBeLessThanOrEqual(Math.min(5_000, 100 * 2 ** failures))
    }),
  )
  expect([0, 1, 5, 6, 60].map(failures => fullJitter(failures, bounds, () => 1))).toEqual([
    100, 200, 3_200, 5_000, 5_000,
  ])
})
