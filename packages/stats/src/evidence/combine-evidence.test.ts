import { expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { anytimePValue, averageLogE, productLogE, ratioLogE, startsLogE } from '../index.ts'

it('multiplies e-values by adding their logs', () => {
  expectClose(productLogE([Math.log(2), Math.log(3), Math.log(0.5)]), Math.log(3))
  expect(productLogE([])).toBe(0)
})

it('averages e-values, not their logs', () => {
  expectClose(averageLogE([Math.log(1), Math.log(9)]), Math.log(5))
  expectClose(averageLogE([-800, 800]), 800 - Math.log(2))
  expect(averageLogE([])).toBe(0)
})

it('shares the wealth among starts: most on the first, and what is not started yet stays', () => {
  expectClose(startsLogE([Math.log(4)]), Math.log(0.9 * 4 + 0.1))
  expectClose(startsLogE([0, Math.log(100)]), Math.log(0.9 + 0.05 * 100 + 0.05))
  expect(startsLogE([])).toBe(0)
})

it('gives a p-value that never exceeds 1', () => {
  expect(anytimePValue(-3)).toBe(1)
  expectClose(anytimePValue(Math.log(20)), 0.05)
})

it.each(vectors.g_stage_combination)('is not fooled by stages with different shares, case %#', vector => {
  const slices = vector.slices_kT_kC_expT_expC.map(([kT, kC, exposureT, exposureC]) => ({
    kT,
    kC,
    exposureT,
    exposureC,
  }))
  expectClose(ratioLogE(slices), vector.stratified_logE)
  const sum = (name: 'kT' | 'kC' | 'exposureT' | 'exposureC') => slices.reduce((total, slice) => total + slice[name], 0)
  const pooled = { kT: sum('kT'), kC: sum('kC'), exposureT: sum('exposureT'), exposureC: sum('exposureC') }
  expectClose(ratioLogE([pooled]), vector.pooled_logE_WRONG)
})
