import { describe, expect, it } from 'vitest'
import { expectClose, vectors } from '../../test/vectors.ts'
import { clusteredRate, designEffect } from '../index.ts'

describe('a ratio metric with clustered requests', () => {
  it.each(vectors.c4_ratio_metric_delta_method)('meets reference case %#', vector => {
    const estimate = clusteredRate(vector.units_y_x.map(([y, x]) => ({ y, x })))
    const requests = vector.units_y_x.reduce((sum, [, x]) => sum + x, 0)
    expectClose(estimate?.rate ?? null, vector.R)
    expectClose(Math.sqrt(estimate?.variance ?? 0), vector.se)
    expectClose((estimate?.variance ?? 0) / ((vector.R * (1 - vector.R)) / requests), vector.phi)
    expectClose(designEffect(vector.units_y_x.map(([k, n]) => ({ k, n }))), Math.max(1, vector.phi))
  })

  it('knows no rate without a denominator and no variance with one unit', () => {
    expect(clusteredRate([])).toBeNull()
    expect(clusteredRate([{ y: 0, x: 0 }])).toBeNull()
    expect(
      clusteredRate([
        { y: 2, x: 8 },
        { y: 0, x: 0 },
      ]),
    ).toEqual({ rate: 0.25, variance: null, units: 1 })
  })

  it.each([
    { y: Number.NaN, x: 1 },
    { y: Infinity, x: 1 },
    { y: 1, x: -1 },
  ])('refuses %j', totals => {
    expect(() => clusteredRate([totals])).toThrow(RangeError)
  })
})

describe('the design effect', () => {
  it('is one for independent requests', () => {
    const units = Array.from({ length: 100 }, (_, i) => ({ k: i % 10 === 0 ? 1 : 0, n: 1 }))
    expectClose(designEffect(units), 100 / 99)
  })

  it('is the cluster size when all requests of a unit share one fate', () => {
    const units = Array.from({ length: 1000 }, (_, i) => ({ k: i % 10 === 0 ? 20 : 0, n: 20 }))
    expectClose(designEffect(units), (20 * 1000) / 999)
  })

  it.each([
    { name: 'one unit', units: [{ k: 3, n: 10 }], worst: 10 },
    {
      name: 'no events',
      units: [
        { k: 0, n: 30 },
        { k: 0, n: 10 },
      ],
      worst: 25,
    },
    {
      name: 'nothing but events',
      units: [
        { k: 4, n: 4 },
        { k: 4, n: 4 },
      ],
      worst: 4,
    },
    { name: 'no requests', units: [{ k: 0, n: 0 }], worst: 1 },
  ])('assumes the worst where it cannot be estimated: $name', ({ units, worst }) => {
    expectClose(designEffect(units), worst)
  })

  it('refuses more events than requests', () => {
    expect(() => designEffect([{ k: 3, n: 2 }])).toThrow(RangeError)
  })
})
