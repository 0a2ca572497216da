import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { type RatioSlice, ratioBounds, ratioEstimate, ratioLogE } from '../index.ts'

type Four = readonly [number, number, number, number]
const slicesOf = (rows: readonly Four[]): RatioSlice[] =>
  rows.map(([kT, kC, exposureT, exposureC]) => ({ kT, kC, exposureT, exposureC }))

describe('the ratio of two rates', () => {
  it.each(vectors.b_two_sample_ratio_conditional_tilt)('meets reference case %#', vector => {
    const slices = slicesOf(vector.slices_kT_kC_expT_expC)
    const { r0, direction, phi } = vector
    expectClose(ratioLogE(slices, { r0, direction, phi }), vector.logE)
    const bounds = ratioBounds(slices, 0.05, { phi })
    expectClose(bounds.lower, vector.ratio_lower_alpha05, 1e-6)
    expectClose(bounds.upper, vector.ratio_upper_alpha05, 1e-6)
  })

  it.each(vectors.g_stage_combination)('meets the bounds of stage combination %#', vector => {
    const bounds = ratioBounds(slicesOf(vector.slices_kT_kC_expT_expC), 0.05)
    expectClose(bounds.lower, vector.stratified_lower95, 1e-6)
    expectClose(bounds.upper, vector.stratified_upper95, 1e-6)
  })

  it.each(vectors.e2_poisson_ratio_tickets_per_account)('meets reference case %# of tickets per account', vector => {
    const slices = slicesOf(vector.slices_kT_kC_accT_accC)
    expectClose(ratioLogE(slices, { r0: vector.r0 }), vector.logE)
    expectClose(ratioBounds(slices, 0.05).lower, vector.lower95, 1e-6)
  })

  it('brackets the estimate, and is where the evidence crosses its threshold', () => {
    const count = fc.integer({ min: 0, max: 200 })
    const exposure = fc.integer({ min: 1, max: 100_000 })
    const slice = fc.record({ kT: count, kC: count, exposureT: exposure, exposureC: exposure })
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 6 }), slices => {
        const { lower, upper } = ratioBounds(slices, 0.05)
        if (lower > 0) expectClose(ratioLogE(slices, { r0: lower }), Math.log(20), 1e-7)
        if (upper !== null) expectClose(ratioLogE(slices, { r0: upper, direction: 'down' }), Math.log(20), 1e-7)
        expect(lower).toBeLessThan(upper ?? Infinity)
      }),
    )
  })

  it('says nothing where one group is missing', () => {
    expect(ratioLogE(slicesOf([[7, 0, 100, 0]]))).toBeCloseTo(0, 12)
    expect(ratioBounds(slicesOf([[7, 0, 100, 0]]), 0.05)).toEqual({ lower: 0, upper: null })
    expect(ratioEstimate(slicesOf([[7, 0, 100, 0]]))).toBeNull()
  })

  it.each([
    { kT: 1, kC: 0, exposureT: 0, exposureC: 5 },
    { kT: 0, kC: 1, exposureT: 5, exposureC: 0 },
    { kT: -1, kC: 1, exposureT: 5, exposureC: 5 },
    { kT: 1, kC: 1, exposureT: Number.NaN, exposureC: 5 },
  ])('refuses the impossible slice %j', slice => {
    expect(() => ratioLogE([slice])).toThrow(RangeError)
  })

  it.each([0, -1, Number.NaN, Infinity])('refuses a null ratio of %d', r0 => {
    expect(() => ratioLogE(slicesOf([[1, 1, 5, 5]]), { r0 })).toThrow(RangeError)
  })

  it.each([0, 1, Number.NaN])('refuses bounds at level %d', alpha => {
    expect(() => ratioBounds(slicesOf([[1, 1, 5, 5]]), alpha)).toThrow(RangeError)
  })
})

describe('the estimate of a ratio', () => {
  it('does not pool stages with different shares', () => {
    const pooled = vectors.g_stage_combination.find(vector => vector.pooled_ratio > 1.9)
    const estimate = ratioEstimate(slicesOf(pooled?.slices_kT_kC_expT_expC ?? []))
    expectClose(estimate, 1, 0.01)
  })

  it('is the plain ratio of rates in one slice', () => {
    expectClose(ratioEstimate(slicesOf([[6, 4, 100, 200]])), 3)
  })

  it('is infinite when only the exposed group had events, and null without any', () => {
    expect(ratioEstimate(slicesOf([[3, 0, 10, 10]]))).toBe(Infinity)
    expect(ratioEstimate(slicesOf([[0, 0, 10, 10]]))).toBeNull()
    expect(ratioEstimate([])).toBeNull()
  })
})
