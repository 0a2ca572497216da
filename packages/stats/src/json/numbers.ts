/** True for an array of finite numbers, of this length when one is given. */
export function isNumbers(value: unknown, length?: number): value is number[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) return false
  return value.every(item => Number.isFinite(item))
}

/** True for a whole number from 0 to 2^53 - 1. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
