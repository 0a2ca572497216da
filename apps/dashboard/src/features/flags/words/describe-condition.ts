import { BUILT_IN_UNITS, type Condition, type Json, type Operator, type Test } from '@dimmer/engine'
import { parseDuration } from '@dimmer/rollout'
import { duration } from '../../../shared/format/duration.ts'
import { counted, listed } from '../../../shared/format/number.ts'

const NAMED_AT_MOST = 4

function valueWords(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const asList = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [value ?? null])

function oneOf(value: Json | undefined): string {
  const all = asList(value)
  const named = all.slice(0, NAMED_AT_MOST).map(valueWords)
  const more = all.length - named.length
  return more > 0 ? `${named.join(', ')} or ${more} more` : listed(named, 'or')
}

function age(value: Json | undefined): string {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined
  return ms === undefined ? valueWords(value) : duration(ms)
}

const PHRASES: Readonly<Record<Operator, (value: Json | undefined) => string>> = {
  equals: value => `is ${valueWords(value)}`,
  notEquals: value => `is not ${valueWords(value)}`,
  in: value => `is ${oneOf(value)}`,
  notIn: value => `is not ${oneOf(value)}`,
  contains: value => `contains ${oneOf(value)}`,
  startsWith: value => `starts with ${oneOf(value)}`,
  endsWith: value => `ends with ${oneOf(value)}`,
  lt: value => `is under ${valueWords(value)}`,
  lte: value => `is at most ${valueWords(value)}`,
  gt: value => `is over ${valueWords(value)}`,
  gte: value => `is at least ${valueWords(value)}`,
  before: value => `is before ${valueWords(value)}`,
  after: value => `is after ${valueWords(value)}`,
  olderThan: value => `is more than ${age(value)} ago`,
  newerThan: value => `is less than ${age(value)} ago`,
  matches: value => `matches ${oneOf(value)}`,
  semverEq: value => `is version ${valueWords(value)}`,
  semverLt: value => `is a version below ${valueWords(value)}`,
  semverLte: value => `is version ${valueWords(value)} at most`,
  semverGt: value => `is a version above ${valueWords(value)}`,
  semverGte: value => `is version ${valueWords(value)} at least`,
  inCidr: value => `is an address in ${oneOf(value)}`,
  emailDomain: value => `is an address at ${oneOf(value)}`,
  exists: () => 'is known',
}

const describeTest = (test: Test): string => `${test.attribute} ${PHRASES[test.op](test.value)}`

const isCompound = (condition: Condition): boolean =>
  ('all' in condition && condition.all.length > 1) || ('any' in condition && condition.any.length > 1)

const inner = (condition: Condition): string =>
  isCompound(condition) ? `(${describeCondition(condition)})` : describeCondition(condition)

/** A condition as a person would read it: "plan is free and country is US or GB". */
export function describeCondition(condition: Condition): string {
  if ('all' in condition) return condition.all.length === 0 ? 'always' : condition.all.map(inner).join(' and ')
  if ('any' in condition) return condition.any.length === 0 ? 'never' : condition.any.map(inner).join(' or ')
  if ('not' in condition) return `not (${describeCondition(condition.not)})`
  if ('segment' in condition) return `in segment ${condition.segment}`
  return describeTest(condition)
}

/** The ids that a condition names one by one: `accountId in [...]`; undefined if it is anything else. */
export function namedUnits(
  condition: Condition,
): { readonly unit: string; readonly ids: readonly string[] } | undefined {
  if (!('attribute' in condition)) return undefined
  if (condition.op !== 'in' && condition.op !== 'equals') return undefined
  const unit = Object.entries(BUILT_IN_UNITS).find(([, attribute]) => attribute === condition.attribute)?.[0]
  return unit === undefined ? undefined : { unit, ids: asList(condition.value).map(valueWords) }
}

/** "3 named accounts" for a list of ids, else the condition in words. */
export function describeAudience(condition: Condition): string {
  const named = namedUnits(condition)
  return named === undefined ? describeCondition(condition) : counted(named.ids.length, `named ${named.unit}`)
}
