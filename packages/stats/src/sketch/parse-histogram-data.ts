import { field } from '../json/field.ts'
import { isCount, isNumbers } from '../json/numbers.ts'

/**
 * Stored form of a histogram: plain JSON. `buckets` is [index, count, index, count, ...] in ascending order of index;
 * `min` and `max` are null when it is empty.
 */
export type LogHistogramData = {
  readonly accuracy: number
  readonly zeros: number
  readonly sum: number
  readonly min: number | null
  readonly max: number | null
  readonly buckets: readonly number[]
}

const isValue = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < Infinity

function isBuckets(value: unknown): value is number[] {
  if (!isNumbers(value) || value.length % 2 !== 0) return false
  return value.every((item, at) =>
    at % 2 === 0 ? Number.isSafeInteger(item) && !(item <= (value[at - 2] ?? -Infinity)) : isCount(item) && item > 0,
  )
}

/**
 * Checks a stored histogram. Throws a TypeError when it is not one, contradicts itself, or was made with another
 * accuracy.
 */
export function parseHistogramData(value: unknown, accuracy: number): LogHistogramData {
  if (field(value, 'accuracy') !== accuracy) throw new TypeError(`log histogram: accuracy is not ${accuracy}`)
  const zeros = field(value, 'zeros')
  const sum = field(value, 'sum')
  const min = field(value, 'min')
  const max = field(value, 'max')
  const buckets = field(value, 'buckets')
  if (!isCount(zeros) || !isValue(sum) || !isBuckets(buckets)) throw new TypeError('log histogram: malformed')
  if (zeros === 0 && buckets.length === 0) return { accuracy, zeros, sum: 0, min: null, max: null, buckets }
  if (!isValue(min) || !isValue(max) || min > max) throw new TypeError('log histogram: malformed min or max')
  return { accuracy, zeros, sum, min, max, buckets }
}
