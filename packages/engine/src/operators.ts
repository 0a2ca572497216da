import { parseDuration, parseInstant, subtractDuration } from './instants.ts'
import { ipRangeTest } from './ip-ranges.ts'
import type { Json, Operator } from './model.ts'
import { type RegexCompiler, regexTest } from './regex.ts'
import { compareSemver, isSemver } from './semver.ts'

/** Whether one value (never an array) passes. `now` is in milliseconds since 1970. */
export type Matcher = (value: unknown, now: number) => boolean

/** How a test treats an attribute that is an array. */
export type Quantifier = 'any' | 'every' | 'whole'

/** What goes with the operand. */
export interface OperandOptions {
  readonly ignoreCase: boolean
  /** Undefined when the host has no engine; operators that need one are then not asked. */
  readonly regex: RegexCompiler | undefined
}

/** What an operator takes and does. */
export interface OperatorDefinition {
  /** The operand in words, for people who got it wrong. */
  readonly needs: string
  /** `any`: one element is enough; `every`: all must pass (the negative operators); `whole`: the array itself is the value. */
  readonly over: Quantifier
  readonly takesIgnoreCase: boolean
  /** Whether the operand may be a list. */
  readonly takesList: boolean
  /** Undefined when the operand is not what the operator needs. */
  readonly compile: (operand: Json | undefined, options: OperandOptions) => Matcher | undefined
}

/** An operator of which nothing special is to be said. */
const PLAIN = { over: 'any', takesIgnoreCase: false, takesList: false } as const

type Scalar = string | number | boolean

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function isOfType(value: unknown, type: string): boolean {
  return typeof value === type && isScalar(value)
}

/** The scalars of a non-empty list that are all of one type. */
function scalars(operand: Json | undefined): readonly Scalar[] | undefined {
  if (!Array.isArray(operand) || operand.length === 0) return undefined
  const list: readonly unknown[] = operand
  const type = typeof list[0]
  return list.every(item => isScalar(item) && typeof item === type) ? list.filter(isScalar) : undefined
}

/** One non-empty text or a non-empty list of them. */
function texts(operand: Json | undefined): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  const found = list.filter((item): item is string => typeof item === 'string' && item !== '')
  return found.length > 0 && found.length === list.length ? found : undefined
}

function fold(value: Scalar, ignoreCase: boolean): Scalar {
  return ignoreCase && typeof value === 'string' ? value.toLowerCase() : value
}

function foldUnknown(value: unknown, ignoreCase: boolean): unknown {
  return ignoreCase && typeof value === 'string' ? value.toLowerCase() : value
}

function equals(operand: Json | undefined, { ignoreCase }: OperandOptions): Matcher | undefined {
  if (!isScalar(operand)) return undefined
  const wanted = fold(operand, ignoreCase)
  if (!ignoreCase) return value => value === wanted
  return value => foldUnknown(value, true) === wanted
}

function notEquals(operand: Json | undefined, options: OperandOptions): Matcher | undefined {
  const matches = equals(operand, options)
  const type = typeof operand
  return matches && (value => isOfType(value, type) && !matches(value, 0))
}

function isIn(operand: Json | undefined, { ignoreCase }: OperandOptions): Matcher | undefined {
  const list = scalars(operand)
  if (list === undefined) return undefined
  const wanted: ReadonlySet<unknown> = new Set(list.map(item => fold(item, ignoreCase)))
  if (!ignoreCase) return value => wanted.has(value)
  return value => wanted.has(foldUnknown(value, true))
}

function notIn(operand: Json | undefined, options: OperandOptions): Matcher | undefined {
  const matches = isIn(operand, options)
  const type = typeof scalars(operand)?.[0]
  return matches && (value => isOfType(value, type) && !matches(value, 0))
}

function textOperator(test: (value: string, part: string) => boolean): OperatorDefinition {
  return {
    needs: 'a text that is not empty, or a list of them',
    over: 'any',
    takesIgnoreCase: true,
    takesList: true,
    compile: (operand, { ignoreCase }) => {
      const parts = texts(operand)?.map(part => (ignoreCase ? part.toLowerCase() : part))
      if (parts === undefined) return undefined
      return value => {
        if (typeof value !== 'string') return false
        const text = ignoreCase ? value.toLowerCase() : value
        for (const part of parts) if (test(text, part)) return true
        return false
      }
    },
  }
}

function numberOperator(test: (value: number, limit: number) => boolean): OperatorDefinition {
  return {
    ...PLAIN,
    needs: 'a number',
    compile: operand =>
      typeof operand === 'number' && Number.isFinite(operand)
        ? value => typeof value === 'number' && Number.isFinite(value) && test(value, operand)
        : undefined,
  }
}

function instantOperator(test: (instant: number, limit: number) => boolean): OperatorDefinition {
  return {
    ...PLAIN,
    needs: 'a date-time like 2026-03-01T09:00:00Z, a date like 2026-03-01, or milliseconds since 1970',
    compile: operand => {
      const limit = parseInstant(operand)
      return Number.isNaN(limit) ? undefined : value => test(parseInstant(value), limit)
    },
  }
}

function ageOperator(test: (instant: number, cutoff: number) => boolean): OperatorDefinition {
  return {
    ...PLAIN,
    needs: 'a duration like P30D, PT12H or P1Y6M',
    compile: operand => {
      const duration = typeof operand === 'string' ? parseDuration(operand) : undefined
      return duration && ((value, now) => test(parseInstant(value), subtractDuration(now, duration)))
    },
  }
}

function emailDomain(operand: Json | undefined): Matcher | undefined {
  const domains = texts(operand)?.map(domain => domain.toLowerCase())
  if (domains === undefined || domains.some(domain => domain.includes('@'))) return undefined
  const wanted: ReadonlySet<string> = new Set(domains)
  const endings = domains.filter(domain => domain.startsWith('*.')).map(domain => domain.slice(1))
  return value => {
    if (typeof value !== 'string') return false
    const at = value.lastIndexOf('@')
    if (at <= 0) return false
    const domain = value.slice(at + 1).toLowerCase()
    if (wanted.has(domain)) return true
    for (const ending of endings) if (domain.length > ending.length && domain.endsWith(ending)) return true
    return false
  }
}

function semverOperator(test: (order: number) => boolean): OperatorDefinition {
  return {
    ...PLAIN,
    needs: 'a semantic version like 2.4.0 or 2.4.0-beta.1, without "v"',
    compile: operand =>
      typeof operand === 'string' && isSemver(operand)
        ? value => typeof value === 'string' && test(compareSemver(value, operand))
        : undefined,
  }
}

function inCidr(operand: Json | undefined): Matcher | undefined {
  const ranges = texts(operand)
  const isInside = ranges && ipRangeTest(ranges)
  return isInside && (value => typeof value === 'string' && isInside(value))
}

function matches(operand: Json | undefined, { ignoreCase, regex }: OperandOptions): Matcher | undefined {
  const patterns = texts(operand)
  const test = regex && patterns && regexTest(patterns, ignoreCase, regex)
  return test && (value => typeof value === 'string' && test(value))
}

const LIST_NEEDS = 'a list of texts or of numbers that is not empty'
const SCALAR_NEEDS = 'a text, a number or a boolean'

/** All operators: a new one is one more entry. */
const OPERATORS: Readonly<Record<Operator, OperatorDefinition>> = {
  equals: { ...PLAIN, needs: SCALAR_NEEDS, takesIgnoreCase: true, compile: equals },
  notEquals: { ...PLAIN, needs: SCALAR_NEEDS, over: 'every', takesIgnoreCase: true, compile: notEquals },
  in: { ...PLAIN, needs: LIST_NEEDS, takesIgnoreCase: true, takesList: true, compile: isIn },
  notIn: { needs: LIST_NEEDS, over: 'every', takesIgnoreCase: true, takesList: true, compile: notIn },
  contains: textOperator((value, part) => value.includes(part)),
  startsWith: textOperator((value, part) => value.startsWith(part)),
  endsWith: textOperator((value, part) => value.endsWith(part)),
  lt: numberOperator((value, limit) => value < limit),
  lte: numberOperator((value, limit) => value <= limit),
  gt: numberOperator((value, limit) => value > limit),
  gte: numberOperator((value, limit) => value >= limit),
  before: instantOperator((instant, limit) => instant < limit),
  after: instantOperator((instant, limit) => instant > limit),
  olderThan: ageOperator((instant, cutoff) => instant < cutoff),
  newerThan: ageOperator((instant, cutoff) => instant > cutoff),
  matches: {
    ...PLAIN,
    needs: 'a regular expression in RE2 syntax of 1,000 characters at most, or a list of them',
    takesIgnoreCase: true,
    takesList: true,
    compile: matches,
  },
  semverEq: semverOperator(order => order === 0),
  semverLt: semverOperator(order => order < 0),
  semverLte: semverOperator(order => order <= 0),
  semverGt: semverOperator(order => order > 0),
  semverGte: semverOperator(order => order >= 0),
  inCidr: {
    ...PLAIN,
    needs: 'a range like 10.0.0.0/8 or 2001:db8::/32, an address, or a list of them',
    takesList: true,
    compile: inCidr,
  },
  emailDomain: {
    ...PLAIN,
    needs: 'a domain like example.com or *.example.com, or a list of them, without @',
    takesList: true,
    compile: emailDomain,
  },
  exists: {
    ...PLAIN,
    needs: 'no value',
    over: 'whole',
    compile: operand => (operand === undefined ? value => value !== undefined && value !== null : undefined),
  },
}

/** Undefined for an operator that this version doesn't know. */
export function operatorDefinition(op: string): OperatorDefinition | undefined {
  return Object.hasOwn(OPERATORS, op) ? OPERATORS[op as Operator] : undefined
}
