import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { addSlice, addSlices, parseTiltState, startTilt, type TiltSlice, tiltGrids, tiltLogE } from '../index.ts'

const slice: fc.Arbitrary<TiltSlice> = fc
  .record({
    n: fc.nat(2_000),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    bound: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ n, part, bound }) => ({ k: Math.round(part * n), n, bound }))
const direction = fc.constantFrom('up' as const, 'down' as const)
const grid = fc.constantFrom('G24' as const, 'G_SEV' as const, 'G_FINE' as const)

describe('tilt grids', () => {
  it('are the reference grids', () => {
    const { G24, G_FINE } = vectors.meta.grids
    Array.from(tiltGrids.G24.tilts).forEach((tilt, j) => {
      expectClose(tilt, G24.delta[j] ?? 0)
      expectClose(Math.exp(tiltGrids.G24.logWeights[j] ?? 0), G24.w?.[j] ?? 0)
    })
    expect(tiltGrids.G_FINE.tilts).toHaveLength(32)
    Array.from(tiltGrids.G_FINE.tilts).forEach((tilt, j) => {
      expectClose(tilt, G_FINE.delta[j] ?? 0)
    })
    expect(Array.from(tiltGrids.G_SEV.tilts)).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('tilt evidence', () => {
  it('is zero before anything was seen', () => {
    expect(tiltLogE(startTilt())).toBeCloseTo(0, 12)
  })

  it('does not depend on how a slice is split', () => {
    fc.assert(
      fc.property(slice, slice, direction, grid, (first, second, way, name) => {
        const bound = first.bound
        const together = { k: first.k + second.k, n: first.n + second.n, bound }
        const start = startTilt({ direction: way, grid: name })
        const apart = addSlices(start, [first, { ...second, bound }])
        expectClose(tiltLogE(apart), tiltLogE(addSlice(start, together)))
      }),
    )
  })

  it('does not depend on the order of slices, whatever their bounds', () => {
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 20 }), direction, grid, (slices, way, name) => {
        const start = startTilt({ direction: way, grid: name })
        expectClose(tiltLogE(addSlices(start, slices.toReversed())), tiltLogE(addSlices(start, slices)))
      }),
    )
  })

  it('has mean one under the null on the boundary, and no more inside it', () => {
    const n = 12
    const meanE = (rate: number, bound: number, way: 'up' | 'down'): number => {
      let probability = (1 - rate) ** n
      let mean = 0
      for (let k = 0; k <= n; k++) {
        mean += probability * Math.exp(tiltLogE(addSlice(startTilt({ direction: way }), { k, n, bound })))
        probability *= ((n - k) / (k + 1)) * (rate / (1 - rate))
      }
      return mean
    }
    expectClose(meanE(0.3, 0.3, 'up'), 1)
    expectClose(meanE(0.3, 0.3, 'down'), 1)
    expect(meanE(0.2, 0.3, 'up')).toBeLessThan(1)
    expect(meanE(0.4, 0.3, 'down')).toBeLessThan(1)
  })

  it('stays finite at the ends of the range', () => {
    for (const bound of [0, 1]) {
      for (const way of ['up', 'down'] as const) {
        const state = addSlice(startTilt({ direction: way }), { k: 1e9, n: 2e9, bound })
        expect(tiltLogE(state)).toSatisfy(Number.isFinite)
      }
    }
  })

  it('comes back from storage bit for bit', () => {
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 5 }), direction, grid, (slices, way, name) => {
        const state = addSlices(startTilt({ direction: way, grid: name }), slices)
        const restored = parseTiltState(JSON.parse(JSON.stringify(state)))
        expect(tiltLogE(restored)).toBe(tiltLogE(state))
      }),
    )
  })

  it('takes no more than half a kilobyte of JSON', () => {
    const state = addSlice(startTilt(), { k: 3, n: 17, bound: 0.05 })
    expect(JSON.stringify(state).length).toBeLessThan(520)
  })

  it.each([
    null,
    {},
    { grid: 'toString', direction: 'up', sums: [] },
    { grid: 'G_SEV', direction: 'left', sums: [0, 0, 0, 0, 0, 0] },
    { grid: 'G_SEV', direction: 'up', sums: [0, 0] },
    { grid: 'G_SEV', direction: 'up', sums: [0, 0, 0, 0, 0, null] },
  ])('refuses %j as a stored state', value => {
    expect(() => parseTiltState(value)).toThrow(TypeError)
  })

  it.each([
    { k: 3, n: 2, bound: 0.1 },
    { k: -1, n: 2, bound: 0.1 },
    { k: 1, n: Infinity, bound: 0.1 },
    { k: Number.NaN, n: 2, bound: 0.1 },
    { k: 1, n: 2, bound: 1.1 },
    { k: 1, n: 2, bound: Number.NaN },
  ])('refuses the impossible slice %j', impossible => {
    expect(() => addSlice(startTilt(), impossible)).toThrow(RangeError)
  })

  it.each([0, -1, Number.NaN, Infinity])('refuses a design effect of %d', phi => {
    expect(() => tiltLogE(startTilt(), phi)).toThrow(RangeError)
  })
})
