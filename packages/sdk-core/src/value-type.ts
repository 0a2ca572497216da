/**
 * What the type of a value is, given the type of the fallback: `false` stands for any boolean, and null for anything
 * (`Any`).
 */
export type ValueOf<T, Any = unknown> = T extends boolean
  ? boolean
  : T extends string
    ? string
    : T extends number
      ? number
      : T extends null
        ? Any
        : T

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** Whether a value is of the fallback's type. A fallback of null or undefined takes any value. */
export function fitsFallback(value: unknown, fallback: unknown): boolean {
  if (value === undefined) return false
  return fallback === null || fallback === undefined || kindOf(value) === kindOf(fallback)
}
