import type { LogHistogram } from '../sketch/log-histogram.ts'
import type { AlignedCounts } from './quantile-against-control.ts'

/** Counts of two histograms over the same buckets, for `quantileRatioLogE`. The first bucket holds the zeros. */
export function alignHistograms(treated: LogHistogram, control: LogHistogram): AlignedCounts {
  const indexes = [...treated.buckets(), ...control.buckets()].map(bucket => bucket.index)
  const first = indexes.reduce((least, index) => Math.min(least, index), Infinity)
  const last = indexes.reduce((most, index) => Math.max(most, index), -Infinity)
  const span = indexes.length === 0 ? 0 : last - first + 1
  const countsOf = (histogram: LogHistogram): number[] => {
    const positive = Array.from({ length: span }, () => 0)
    for (const { index, count } of histogram.buckets()) positive[index - first] = count
    return [histogram.count - positive.reduce((sum, count) => sum + count, 0), ...positive]
  }
  return { treated: countsOf(treated), control: countsOf(control) }
}
