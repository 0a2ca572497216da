import { BUILT_IN_UNITS, type Condition, type Json, type Operator, type Test } from '@dimmer/engine'
import { durationWords } from '../../../shared/format/duration-words.ts'
import { count, counted, listed } from '../../../shared/format/number.ts'

const NAMED_AT_MOST = 4

function valueWords(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  // While it is being typed.
  if (value === '') return '…'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const asList = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [value ?? null])

function someOf(value: Json | undefined, joiner: 'and' | 'or'): string {
  const all = asList(value)
  const named = all.slice(0, NAMED_AT_MOST).map(valueWords)
  const more = all.length - named.length
  return more > 0 ? `${named.join(', ')} ${joiner} ${count(more)} more` : listed(named, joiner)
}

const age = (value: Json | undefined): string => durationWords(valueWords(value))

/** What is said of a value, and of several that stand side by side. */
const PHRASES: Readonly<Record<Operator, (value: string, raw: Json | undefined) => string>> = {
  equals: value => `is ${value}`,
  notEquals: value => `is not ${value}`,
  in: value => `is ${value}`,
  notIn: value => `is not ${value}`,
  contains: value => `contains ${value}`,
  startsWith: value => `starts with ${value}`,
  endsWith: value => `ends with ${value}`,
  lt: value => `is under ${value}`,
  lte: value => `is at most ${value}`,
  gt: value => `is over ${value}`,
  gte: value => `is at least ${value}`,
  before: value => `is before ${value}`,
  after: value => `is after ${value}`,
  olderThan: (_, raw) => `is more than ${age(raw)} ago`,
  newerThan: (_, raw) => `is less than ${age(raw)} ago`,
  matches: value => `matches ${value}`,
  semverEq: value => `is version ${value}`,
  semverLt: value => `is a version below ${value}`,
  semverLte: value => `is version ${value} at most`,
  semverGt: value => `is a version above ${value}`,
  semverGte: value => `is version ${value} at least`,
  inCidr: value => `is an address in ${value}`,
  emailDomain: value => `is an address at ${value}`,
  exists: () => 'is known',
}

const NEGATIVE: ReadonlySet<Operator> = new Set<Operator>(['notEquals', 'notIn'])

/** Of an attribute that is a list: how many of its elements must pass, where that isn't what the operator does anyway. */
function subjectWords({ attribute, op, elements }: Test): string {
  if (elements === undefined || elements === (NEGATIVE.has(op) ? 'all' : 'any')) return attribute
  return elements === 'all' ? `every element of ${attribute}` : `some element of ${attribute}`
}

function describeTest(test: Test): string {
  const phrase = PHRASES[test.op]
  // From a newer server: better its own words than none.
  if (phrase === undefined) return `${test.attribute} ${String(test.op)} ${valueWords(test.value)}`
  const value = someOf(test.value, test.values === 'all' ? 'and' : 'or')
  const said = `${subjectWords(test)} ${phrase(value, test.value)}`
  return test.ignoreCase === true ? `${said} (in capitals or not)` : said
}

const isCompound = (condition: Condition): boolean =>
  ('all' in condition && condition.all.length > 1) || ('any' in condition && condition.any.length > 1)

const inner = (condition: Condition): string =>
  isCompound(condition) ? `(${describeCondition(condition)})` : describeCondition(condition)

/** A condition as a person would read it: "plan is free and country is US or GB". */
export function describeCondition(condition: Condition): string {
  if ('all' in condition) return condition.all.length === 0 ? 'always' : condition.all.map(inner).join(' and ')
  if ('any' in condition) return condition.any.length === 0 ? 'never' : condition.any.map(inner).join(' or ')
  if ('not' in condition) {
    return 'segment' in condition.not
      ? `not in segment ${condition.not.segment}`
      : `not (${describeCondition(condition.not)})`
  }
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
