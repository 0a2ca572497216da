import type { ValueOf } from './types.ts'

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** The value if it is of the fallback's type, else the fallback. A fallback of null or undefined takes any value. */
export function valueOr<T>(value: unknown, fallback: T): ValueOf<T> {
  const anyType = fallback === null || fallback === undefined
  const fits = value !== undefined && (anyType || kindOf(value) === kindOf(fallback))
  return (fits ? value : fallback) as ValueOf<T>
}
