import { expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { sampleRatioLogE } from '../index.ts'

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
