// @ts-check

/**
 * @param {readonly number[]} values not empty
 * @param {number} q 0 to 1
 */
export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('no values')
  return value
}

/** @param {readonly number[]} values */
export const median = values => quantile(values, 0.5)

/**
 * Rounded to three significant digits, as far as a bench can be trusted.
 * @param {number} value
 */
export const rounded = value => Number(value.toPrecision(3))
