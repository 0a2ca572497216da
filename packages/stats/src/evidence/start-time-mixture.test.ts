import { expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import {
  addSlice,
  addSliceToMixture,
  mixtureLogE,
  parseMixture,
  ratioSlice,
  restartMixture,
  startMixture,
  startTilt,
  tiltLogE,
} from '../index.ts'

it.each(vectors.g3_start_time_mixture)('meets reference case %#', vector => {
  let mixture = startMixture()
  let single = startTilt()
  vector.slices_kT_kC_expT_expC.forEach(([kT, kC, exposureT, exposureC], index) => {
    if (index > 0 && vector.starts.includes(index)) mixture = restartMixture(mixture)
    const slice = ratioSlice({ kT, kC, exposureT, exposureC })
    mixture = addSliceToMixture(mixture, slice)
    single = addSlice(single, slice)
  })
  expectClose(mixtureLogE(mixture), vector.logE)
  expectClose(tiltLogE(single), vector.logE_single_start)
})

it('is zero at the start and after restarts without data', () => {
  expectClose(mixtureLogE(startMixture()), 0)
  expectClose(mixtureLogE(restartMixture(restartMixture(startMixture()))), 0)
})

it('does not change by a restart itself, so a restart cannot raise an alarm', () => {
  const before = addSliceToMixture(startMixture(), { k: 9, n: 30, bound: 0.1 })
  expectClose(mixtureLogE(restartMixture(before)), mixtureLogE(before))
})

it('comes back from storage bit for bit', () => {
  let mixture = addSliceToMixture(startMixture({ grid: 'G_SEV', direction: 'down' }), { k: 1, n: 7, bound: 0.3 })
  mixture = addSliceToMixture(restartMixture(mixture), { k: 2, n: 9, bound: 1 / 3 })
  const restored = parseMixture(JSON.parse(JSON.stringify(mixture)))
  expect(restored).toEqual(mixture)
  expect(mixtureLogE(restored)).toBe(mixtureLogE(mixture))
})

it.each([
  undefined,
  { grid: 'G_SEV', direction: 'up' },
  { grid: 'G_SEV', direction: 'up', copies: [] },
  { grid: 'G_SEV', direction: 'up', copies: [[1]] },
  { grid: 'other', direction: 'up', copies: [[0, 0, 0, 0, 0, 0]] },
])('refuses %j as a stored mixture', value => {
  expect(() => parseMixture(value)).toThrow(TypeError)
})
