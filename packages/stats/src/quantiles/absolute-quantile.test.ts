import { expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { designEffect, quantileLogE } from '../index.ts'

it.each(vectors.d_quantile_absolute)('meets reference case %#', ({ n_over_limit: over, n, q, direction, logE }) => {
  expectClose(quantileLogE([{ over, n }], q, { direction }), logE)
})

it('is not convinced by one slow account when the design effect is taken into account', () => {
  const units = [{ k: 90, n: 100 }, ...Array.from({ length: 40 }, () => ({ k: 1, n: 20 }))]
  const counts = units.map(({ k, n }) => ({ over: k, n }))
  expect(quantileLogE(counts, 0.95)).toBeGreaterThan(Math.log(100))
  expect(quantileLogE(counts, 0.95, { phi: designEffect(units) })).toBeLessThan(Math.log(20))
})

it.each([0, 1, 1.5, Number.NaN])('refuses the quantile %d', q => {
  expect(() => quantileLogE([{ over: 1, n: 2 }], q)).toThrow(RangeError)
})
