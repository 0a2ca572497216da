import type { Predicate } from './compiled-condition.ts'

function always(): boolean {
  return true
}

function never(): boolean {
  return false
}

/** Holds when all of them do. */
export function every(parts: readonly Predicate[]): Predicate {
  const [first, second] = parts
  if (first === undefined) return always
  if (second === undefined) return first
  if (parts.length === 2) return (context, now) => first(context, now) && second(context, now)
  return (context, now) => {
    for (const part of parts) if (!part(context, now)) return false
    return true
  }
}

/** Holds when at least one of them does. */
export function some(parts: readonly Predicate[]): Predicate {
  const [first, second] = parts
  if (first === undefined) return never
  if (second === undefined) return first
  if (parts.length === 2) return (context, now) => first(context, now) || second(context, now)
  return (context, now) => {
    for (const part of parts) if (part(context, now)) return true
    return false
  }
}
