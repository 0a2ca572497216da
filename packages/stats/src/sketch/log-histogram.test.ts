import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketEdge, bucketIndex, LogHistogram } from '../index.ts'

const value = fc.oneof(
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  fc.constant(0),
  fc.integer({ min: -500, max: 500 }).map(bucketEdge),
)

function histogramOf(values: readonly number[]): LogHistogram {
  const histogram = new LogHistogram()
  for (const item of values) histogram.add(item)
  return histogram
}

describe('the histogram', () => {
  it('gives quantiles within 1 % of the exact order statistic', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const exact = values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? Number.NaN
        const estimate = histogramOf(values).quantile(q) ?? Number.NaN
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(0.01 * exact * (1 + 1e-9))
      }),
    )
  })

  it('puts each value between the edges of its bucket', () => {
    const wide = fc.double({ min: 1e-12, max: 1e100, noNaN: true })
    fc.assert(
      fc.property(fc.oneof(wide, fc.integer({ min: -1_000, max: 10_000 }).map(bucketEdge)), item => {
        const index = bucketIndex(item)
        expect(item).toBeLessThanOrEqual(bucketEdge(index))
        expect(item).toBeGreaterThan(bucketEdge(index - 1))
      }),
    )
  })

  it('counts exactly above bucket edges, and never too many above any limit', () => {
    fc.assert(
      fc.property(fc.array(value), fc.integer({ min: -500, max: 500 }), value, (values, index, limit) => {
        const histogram = histogramOf(values)
        const edge = bucketEdge(index)
        expect(histogram.countAbove(edge)).toBe(values.filter(item => item > edge).length)
        expect(histogram.countAbove(limit)).toBeLessThanOrEqual(values.filter(item => item > limit).length)
        expect(histogram.countAbove(limit)).toBeGreaterThanOrEqual(values.filter(item => item > limit * 1.0203).length)
      }),
    )
  })

  it('merges to the histogram of all values', () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (left, right) => {
        const merged = histogramOf(left)
        merged.merge(histogramOf(right))
        const whole = histogramOf([...left, ...right])
        expect(merged.sum).toBeCloseTo(whole.sum, 0)
        expect({ ...merged.toJSON(), sum: 0 }).toEqual({ ...whole.toJSON(), sum: 0 })
      }),
    )
  })

  it('merges with itself', () => {
    const histogram = histogramOf([1, 2, 3])
    histogram.merge(histogram)
    expect(histogram.count).toBe(6)
    expect(histogram.buckets().every(bucket => bucket.count === 2)).toBe(true)
  })

  it('comes back from storage the same', () => {
    fc.assert(
      fc.property(fc.array(value), values => {
        const histogram = histogramOf(values)
        const restored = LogHistogram.parse(JSON.parse(JSON.stringify(histogram)))
        expect(restored.toJSON()).toEqual(histogram.toJSON())
        expect(restored.count).toBe(values.length)
      }),
    )
  })

  it('keeps count, sum, smallest and largest exactly', () => {
    const histogram = histogramOf([3, 0, 12.5])
    histogram.add(2, 4)
    histogram.add(99, 0)
    expect(histogram.count).toBe(7)
    expect(histogram.sum).toBe(23.5)
    expect(histogram.min).toBe(0)
    expect(histogram.max).toBe(12.5)
  })

  it('knows no quantile, smallest or largest of nothing', () => {
    const empty = new LogHistogram()
    expect([empty.quantile(0.5), empty.min, empty.max, empty.count]).toEqual([undefined, undefined, undefined, 0])
    expect(empty.countAbove(5)).toBe(0)
  })

  it.each([Number.NaN, Infinity, -Infinity, -1, 1e101])('refuses %d and stays as it was', bad => {
    const histogram = histogramOf([1])
    expect(() => histogram.add(bad)).toThrow(RangeError)
    expect(histogram.toJSON()).toEqual(histogramOf([1]).toJSON())
  })

  it('refuses counts, quantiles and limits that are not possible', () => {
    const histogram = new LogHistogram()
    expect(() => histogram.add(1, 0.5)).toThrow(RangeError)
    expect(() => histogram.add(1, -1)).toThrow(RangeError)
    expect(() => histogram.quantile(1.1)).toThrow(RangeError)
    expect(() => histogram.countAbove(Number.NaN)).toThrow(RangeError)
  })

  const stored = { accuracy: 0.01, zeros: 0, sum: 3, min: 1, max: 2, buckets: [0, 1, 35, 1] }
  it.each([
    null,
    [],
    { ...stored, accuracy: 0.02 },
    { ...stored, zeros: -1 },
    { ...stored, sum: null },
    { ...stored, min: null },
    { ...stored, min: 3 },
    { ...stored, buckets: [0] },
    { ...stored, buckets: [0, 0] },
    { ...stored, buckets: [35, 1, 0, 1] },
    { ...stored, buckets: [0.5, 1] },
  ])('refuses %j as a stored histogram', bad => {
    expect(LogHistogram.parse(stored).count).toBe(2)
    expect(() => LogHistogram.parse(bad)).toThrow(TypeError)
  })
})
