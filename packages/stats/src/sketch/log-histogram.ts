import { type LogHistogramData, parseHistogramData } from './parse-histogram-data.ts'

const ACCURACY = 0.01
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
const LOG_GAMMA = Math.log(GAMMA)
const SMALLEST = 1e-12
const LARGEST = 1e100

/** Upper edge of a bucket; bucket i holds the values in (edge(i - 1), edge(i)]. */
export function bucketEdge(index: number): number {
  return Math.exp(index * LOG_GAMMA)
}

/**
 * Index of the bucket of a positive value: the smallest i with `value <= bucketEdge(i)`, also where logarithms round.
 */
export function bucketIndex(value: number): number {
  const guess = Math.ceil(Math.log(value) / LOG_GAMMA)
  if (value > bucketEdge(guess)) return guess + 1
  return value <= bucketEdge(guess - 1) ? guess - 1 : guess
}

/**
 * Counts of non-negative numbers (latencies in ms, amounts) in logarithmic buckets of 1 % relative accuracy, as in
 * DDSketch (Masson, Rim, Lee, VLDB 2019). Counts at bucket edges are exact and merging loses nothing, which is what the
 * quantile tests need; quantiles are within 1 % of the exact order statistic. Values below 1e-12 count as zero. Some
 * 2,000 buckets span nanoseconds to weeks; memory is that of the buckets in use.
 */
export class LogHistogram {
  readonly #buckets = new Map<number, number>()
  #zeros = 0
  #count = 0
  #sum = 0
  #min = Infinity
  #max = -Infinity

  /** How many values. */
  get count(): number {
    return this.#count
  }

  /** Sum of the values, as exact as floating point adds. */
  get sum(): number {
    return this.#sum
  }

  /** Smallest value, undefined when empty. Exact. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min
  }

  /** Largest value, undefined when empty. Exact. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max
  }

  /**
   * Counts a value, `times` times. Throws a RangeError on NaN, negative values, values above 1e100 (and Infinity), and
   * a count that is not whole.
   */
  add(value: number, times = 1): void {
    if (!(value >= 0 && value <= LARGEST)) throw new RangeError(`value must be between 0 and ${LARGEST}, got ${value}`)
    if (!Number.isSafeInteger(times) || times < 0) throw new RangeError(`times must be a whole number, got ${times}`)
    if (times === 0) return
    if (value < SMALLEST) this.#zeros += times
    else this.#addTo(bucketIndex(value), times)
    this.#count += times
    this.#sum += value * times
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
  }

  /** Adds all that the other has counted; the other stays as it is. */
  merge(other: LogHistogram): void {
    for (const [index, count] of [...other.#buckets]) this.#addTo(index, count)
    this.#zeros += other.#zeros
    this.#count += other.#count
    this.#sum += other.#sum
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
  }

  /**
   * The value at rank `floor(q (count - 1))` in sorted order, within 1 %; undefined when empty. Throws a RangeError
   * unless 0 <= q <= 1.
   */
  quantile(q: number): number | undefined {
    if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile must be between 0 and 1, got ${q}`)
    if (this.#count === 0) return undefined
    const rank = Math.floor(q * (this.#count - 1))
    let seen = this.#zeros
    if (rank < seen) return this.#min
    for (const [index, count] of this.#sorted()) {
      seen += count
      if (rank < seen) return this.#clamp((2 * bucketEdge(index)) / (GAMMA + 1))
    }
    return this.#max
  }

  /**
   * How many values lie above the limit rounded up to its bucket's edge (at most 2 % higher): exact for that edge, so
   * never too many for the limit itself.
   * Throws a RangeError for a limit that is negative or NaN.
   */
  countAbove(limit: number): number {
    if (!(limit >= 0)) throw new RangeError(`limit must be at least 0, got ${limit}`)
    if (limit >= this.#max) return 0
    const edge = limit < SMALLEST ? -Infinity : bucketIndex(limit)
    let above = 0
    for (const [index, count] of this.#buckets) if (index > edge) above += count
    return above
  }

  /** The counts per bucket in ascending order, without the zeros; edges by `bucketEdge(index)`. */
  buckets(): { readonly index: number; readonly count: number }[] {
    return this.#sorted().map(([index, count]) => ({ index, count }))
  }

  /** Plain JSON of everything counted; `JSON.stringify` calls it. */
  toJSON(): LogHistogramData {
    const empty = this.#count === 0
    return {
      accuracy: ACCURACY,
      zeros: this.#zeros,
      sum: this.#sum,
      min: empty ? null : this.#min,
      max: empty ? null : this.#max,
      buckets: this.#sorted().flat(),
    }
  }

  /**
   * A histogram of counts per bucket, whose values are taken to lie in the middle of theirs: counts at edges are exact,
   * sum, smallest and largest within 1 %. Throws a RangeError for an index beyond the range of `add`, or a count that is
   * not whole.
   */
  static ofBuckets(buckets: Iterable<{ readonly index: number; readonly count: number }>): LogHistogram {
    const histogram = new LogHistogram()
    for (const { index, count } of buckets) histogram.add((2 * bucketEdge(index)) / (GAMMA + 1), count)
    return histogram
  }

  /**
   * Reads a histogram back from its JSON value. Throws a TypeError when the value is not one, or has another accuracy.
   */
  static parse(value: unknown): LogHistogram {
    const { zeros, sum, min, max, buckets } = parseHistogramData(value, ACCURACY)
    const histogram = new LogHistogram()
    histogram.#zeros = zeros
    histogram.#count = zeros
    for (let at = 0; at < buckets.length; at += 2) {
      const count = buckets[at + 1] ?? 0
      histogram.#addTo(buckets[at] ?? 0, count)
      histogram.#count += count
    }
    histogram.#sum = sum
    histogram.#min = min ?? Infinity
    histogram.#max = max ?? -Infinity
    return histogram
  }

  #addTo(index: number, times: number): void {
    this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + times)
  }

  #sorted(): [number, number][] {
    return [...this.#buckets].sort(([a], [b]) => a - b)
  }

  #clamp(estimate: number): number {
    return Math.min(this.#max, Math.max(this.#min, estimate))
  }
}
