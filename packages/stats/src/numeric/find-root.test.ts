import { expect, it } from 'vitest'
import { findRoot } from './find-root.ts'

it.each([
  { name: 'a line', f: (x: number) => x - 0.3, root: 0.3 },
  { name: 'a steep exponential', f: (x: number) => Math.exp(x) - 1e20, root: Math.log(1e20) },
  { name: 'a flat cubic', f: (x: number) => (x - 1) ** 3, root: 1 },
  { name: 'a falling step-like curve', f: (x: number) => -Math.tanh(1e4 * (x - 2)), root: 2 },
])('finds the root of $name', ({ f, root }) => {
  expect(Math.abs(findRoot(f, -60, 60) - root)).toBeLessThan(1e-5)
  expect(findRoot(x => -f(x), -60, 60)).toBeCloseTo(findRoot(f, -60, 60), 9)
})

it('refuses an interval without a sign change', () => {
  expect(() => findRoot(x => x * x + 1, -1, 1)).toThrow(RangeError)
  expect(() => findRoot(() => Number.NaN, -1, 1)).toThrow(RangeError)
})
