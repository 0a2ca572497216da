import { expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { fixedAllocationLogE, sampleRatioLogE } from '../index.ts'

it.each(vectors.f2_srm_tilt_varying_allocation)('meets reference case %#', ({ slices_nT_n_w, logE }) => {
  expectClose(sampleRatioLogE(slices_nT_n_w.map(([nT, n, w]) => ({ nT, n, w }))), logE)
})

it('notices both too many and too few units in the exposed group', () => {
  const alarm = Math.log(1000)
  expect(sampleRatioLogE([{ nT: 5600, n: 10_000, w: 0.5 }])).toBeGreaterThan(alarm)
  expect(sampleRatioLogE([{ nT: 4400, n: 10_000, w: 0.5 }])).toBeGreaterThan(alarm)
  expect(sampleRatioLogE([{ nT: 5030, n: 10_000, w: 0.5 }])).toBeLessThan(0)
})

it('refuses more units in the exposed group than there are', () => {
  expect(() => sampleRatioLogE([{ nT: 11, n: 10, w: 0.5 }])).toThrow(RangeError)
})

it.each(vectors.f_srm_dirichlet_multinomial)(
  'meets reference case %# with fixed shares',
  ({ counts, probs, conc, logE }) => {
    const arms = counts.map((units, arm) => ({ units, share: probs[arm] ?? 0 }))
    expectClose(fixedAllocationLogE(arms, conc), logE)
  },
)

it('refuses shares that do not add up', () => {
  expect(() =>
    fixedAllocationLogE([
      { units: 5, share: 0.5 },
      { units: 5, share: 0.4 },
    ]),
  ).toThrow('add up to 1')
  expect(() =>
    fixedAllocationLogE([
      { units: -5, share: 0.5 },
      { units: 5, share: 0.5 },
    ]),
  ).toThrow(RangeError)
})
