import { expect, it } from 'vitest'
import { expectedCount } from './binomial.ts'

it('gives the exact 95 % bounds of a small base', () => {
  expect(expectedCount(40, 5)).toEqual({ expected: 2, low: 0, high: 5 })
})

it.each([
  [10, 50, 2, 8],
  [100, 10, 5, 16],
  [20, 90, 15, 20],
])('%i units at %i %%: between %i and %i', (n, percent, low, high) => {
  expect(expectedCount(n, percent)).toMatchObject({ low, high })
})

it('is sure of nobody and of everybody', () => {
  expect(expectedCount(40, 0)).toEqual({ expected: 0, low: 0, high: 0 })
  expect(expectedCount(40, 100)).toEqual({ expected: 40, low: 40, high: 40 })
  expect(expectedCount(0, 5)).toEqual({ expected: 0, low: 0, high: 0 })
})

it('agrees with the normal approximation on a large base', () => {
  const { low, high } = expectedCount(12_004, 5)
  const spread = 1.96 * Math.sqrt(12_004 * 0.05 * 0.95)
  expect(Math.abs(low - (600.2 - spread))).toBeLessThan(1.5)
  expect(Math.abs(high - (600.2 + spread))).toBeLessThan(1.5)
})

it('does not lose its way where the first probability is too small for a number', () => {
  const { expected, low, high } = expectedCount(100_000, 50)
  expect(expected).toBe(50_000)
  expect([low, high]).toEqual([49_690, 50_310])
})
