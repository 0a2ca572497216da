import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../test/random.ts'
import { expectClose, vectors } from '../../test/vectors.ts'
import { alignHistograms, LogHistogram, quantileRanks, quantileRatioLogE } from '../index.ts'

function latencies(count: number, factor: number, random: () => number): LogHistogram {
  const histogram = new LogHistogram()
  for (let i = 0; i < count; i++) histogram.add(factor * 20 * Math.exp(4 * random()))
  return histogram
}

describe('a quantile against the comparison group', () => {
  it.each(vectors.d2_quantile_two_sample_min_over_edges)('meets reference case %#', vector => {
    const counts = { treated: vector.cntT, control: vector.cntC }
    const { logE, edge } = quantileRatioLogE(counts, { q: vector.q, shift: vector.shift_buckets })
    expectClose(logE, vector.logE)
    expect(edge).toBe(vector.argmin_edge)
  })

  it('sees a doubled p95, and none where both groups are alike', () => {
    const random = seededRandom(7)
    const control = latencies(20_000, 1, random)
    const evidence = (factor: number) =>
      quantileRatioLogE(alignHistograms(latencies(1_000, factor, random), control), { q: 0.95 }).logE
    expect(evidence(2)).toBeGreaterThan(Math.log(1_000))
    expect(evidence(1)).toBeLessThan(1)
  })

  it('sees a p95 that is half as high again within 600 events of the 5 % who are exposed', () => {
    const random = seededRandom(9)
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const needed = Array.from({ length: 7 }, () => {
      const [treated, control] = [new LogHistogram(), new LogHistogram()]
      for (let events = 50; events <= 1_000; events += 50) {
        for (let i = 0; i < 50; i++) treated.add(150 * Math.exp(0.8 * normal()))
        for (let i = 0; i < 950; i++) control.add(100 * Math.exp(0.8 * normal()))
        if (quantileRatioLogE(alignHistograms(treated, control), { q: 0.95 }).logE >= Math.log(60)) return events
      }
      return Infinity
    })
    expect(needed.sort((a, b) => a - b)[3]).toBeLessThanOrEqual(600)
  })

  it('does not hold a doubled p95 against a limit of threefold', () => {
    const random = seededRandom(8)
    const counts = alignHistograms(latencies(1_000, 2, random), latencies(20_000, 1, random))
    const threefold = Math.round(Math.log(3) / Math.log(1.01 / 0.99))
    expect(quantileRatioLogE(counts, { q: 0.95, shift: threefold }).logE).toBeLessThan(1)
  })

  it('is zero without data and refuses what is impossible', () => {
    expectClose(quantileRatioLogE({ treated: [], control: [] }, { q: 0.95 }).logE, 0)
    expect(() => quantileRatioLogE({ treated: [1], control: [1, 2] }, { q: 0.95 })).toThrow('same buckets')
    expect(() => quantileRatioLogE({ treated: [-1], control: [1] }, { q: 0.95 })).toThrow(RangeError)
    expect(() => quantileRatioLogE({ treated: [1], control: [1] }, { q: 0.95, shift: 0.5 })).toThrow('shift')
  })
})

describe('aligned histograms', () => {
  it('keep every count', () => {
    const values = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e4, noNaN: true })), {
      maxLength: 50,
    })
    fc.assert(
      fc.property(values, values, (left, right) => {
        const histogramOf = (items: number[]) => {
          const histogram = new LogHistogram()
          for (const item of items) histogram.add(item)
          return histogram
        }
        const { treated, control } = alignHistograms(histogramOf(left), histogramOf(right))
        const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
        expect(treated).toHaveLength(control.length)
        expect(total(treated)).toBe(left.length)
        expect(total(control)).toBe(right.length)
        expect(treated[0]).toBe(left.filter(item => item === 0).length)
      }),
    )
  })
})

describe('ranks that bracket a quantile', () => {
  it.each(vectors.d3_quantile_confidence_sequence_ranks)('meet reference case %#', vector => {
    const { n, q, alpha, n_opt: nOpt } = vector
    const ranks = quantileRanks({ n, q, nOpt }, alpha)
    expect(ranks.lower ?? 0).toBe(vector.lo_rank)
    expect(ranks.upper ?? n + 1).toBe(vector.hi_rank)
  })

  it('are open without data', () => {
    expect(quantileRanks({ n: 0, q: 0.95, nOpt: 100 }, 0.05)).toEqual({ lower: null, upper: null })
    expect(() => quantileRanks({ n: 1.5, q: 0.95, nOpt: 100 }, 0.05)).toThrow(RangeError)
  })
})
