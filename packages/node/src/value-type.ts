import type { ValueOf } from './types.ts'

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}

/** Whether a value can stand in for the fallback. A fallback of null or undefined says nothing about the type. */
export function fitsFallback<T>(value: unknown, fallback: T): value is ValueOf<T> {
  if (fallback === null || fallback === undefined) return true
  return value !== null && kindOf(value) === kindOf(fallback)
}

/** The fallback, typed as what it stands for: `false` as a boolean. */
export function asValue<T>(fallback: T): ValueOf<T> {
  return fallback as ValueOf<T>
}
