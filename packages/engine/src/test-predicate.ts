import { attributeReader, ownValue } from './attributes.ts'
import type { Predicate } from './compiled-condition.ts'
import type { Matcher, Quantifier } from './operators.ts'

function anyOf(values: readonly unknown[], matches: Matcher, now: number): boolean {
  for (const value of values) if (matches(value, now)) return true
  return false
}

function everyOf(values: readonly unknown[], matches: Matcher, now: number): boolean {
  for (const value of values) if (!matches(value, now)) return false
  return true
}

/**
 * Reads an attribute and asks the operator about it. A missing attribute passes no test. Attributes at the top, the
 * usual ones, get a predicate of their own that saves a call.
 */
export function testPredicate(attribute: string, over: Quantifier, matches: Matcher): Predicate {
  const read = attributeReader(attribute)
  if (over === 'whole') return (context, now) => matches(read(context), now)
  const several = over === 'every' ? everyOf : anyOf
  if (attribute.includes('.')) {
    return (context, now) => {
      const value = read(context)
      return Array.isArray(value) ? several(value, matches, now) : matches(value, now)
    }
  }
  return (context, now) => {
    const value = ownValue(context, attribute)
    if (value === undefined) return false
    return Array.isArray(value) ? several(value, matches, now) : matches(value, now)
  }
}
