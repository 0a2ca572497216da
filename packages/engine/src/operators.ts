import { parseDuration, parseInstant, subtractDuration } from './instants.ts'
import { ipRangeTest } from './ip-ranges.ts'
import type { Json, Operator } from './model.ts'
import { type RegexCompiler, regexTest } from './regex.ts'
import { semverOrder } from './semver.ts'

/** Whether one value (never an array) passes. `now` is in milliseconds since 1970. */
export type Matcher = (value: unknown, now: number) => boolean

type TextKind = 'contains' | 'startsWith' | 'endsWith'

/** The comparisons that most rules are made of, as data: a `Step` does them itself, which saves a call. */
export type Comparison =
  | { readonly kind: 'equals'; readonly value: Scalar }
  | { readonly kind: 'among'; readonly values: ReadonlySet<unknown> }
  | { readonly kind: 'lt' | 'lte' | 'gt' | 'gte'; readonly limit: number }
  | { readonly kind: TextKind; readonly text: string }

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
  /** Whether `compile` would take the operand, at less cost; absent: compile it and see. */
  readonly takes?: (operand: Json | undefined) => boolean
  /** Undefined when the operand is not what the operator needs. */
  readonly compile: (operand: Json | undefined, options: OperandOptions) => Comparison | Matcher | undefined
}

/** An operator of which nothing special is to be said. */
const PLAIN = { over: 'any', takesIgnoreCase: false, takesList: false } as const

export type Scalar = string | number | boolean

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function isOfType(value: unknown, type: string): boolean {
  return typeof value === type && isScalar(value)
}

/** A non-empty list of scalars of one type. */
function isScalars(operand: unknown): operand is readonly Scalar[] {
  if (!Array.isArray(operand) || operand.length === 0) return false
  const type = typeof operand[0]
  return operand.every(item => isScalar(item) && typeof item === type)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** One non-empty text or a non-empty list of them. */
function texts(operand: Json | undefined): readonly string[] | undefined {
  if (isText(operand)) return [operand]
  return Array.isArray(operand) && operand.length > 0 && operand.every(isText) ? operand : undefined
}

function fold(value: Scalar, ignoreCase: boolean): Scalar {
  return ignoreCase && typeof value === 'string' ? value.toLowerCase() : value
}

function foldUnknown(value: unknown, ignoreCase: boolean): unknown {
  return ignoreCase && typeof value === 'string' ? value.toLowerCase() : value
}

function equals(operand: Json | undefined, { ignoreCase }: OperandOptions): Comparison | Matcher | undefined {
  if (!isScalar(operand)) return undefined
  const wanted = fold(operand, ignoreCase)
  return ignoreCase ? value => foldUnknown(value, true) === wanted : { kind: 'equals', value: wanted }
}

function notEquals(operand: Json | undefined, { ignoreCase }: OperandOptions): Matcher | undefined {
  if (!isScalar(operand)) return undefined
  const type = typeof operand
  const unwanted = fold(operand, ignoreCase)
  return value => isOfType(value, type) && foldUnknown(value, ignoreCase) !== unwanted
}

function isIn(operand: Json | undefined, { ignoreCase }: OperandOptions): Comparison | Matcher | undefined {
  if (!isScalars(operand)) return undefined
  const values: ReadonlySet<unknown> = new Set(ignoreCase ? operand.map(item => fold(item, true)) : operand)
  return ignoreCase ? value => values.has(foldUnknown(value, true)) : { kind: 'among', values }
}

function notIn(operand: Json | undefined, { ignoreCase }: OperandOptions): Matcher | undefined {
  if (!isScalars(operand)) return undefined
  const type = typeof operand[0]
  const unwanted: ReadonlySet<unknown> = new Set(operand.map(item => fold(item, ignoreCase)))
  return value => isOfType(value, type) && !unwanted.has(foldUnknown(value, ignoreCase))
}

const TEXT_TESTS: Readonly<Record<TextKind, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
}

function textOperator(kind: TextKind): OperatorDefinition {
  const test = TEXT_TESTS[kind]
  return {
    needs: 'a text that is not empty, or a list of them',
    over: 'any',
    takesIgnoreCase: true,
    takesList: true,
    compile: (operand, { ignoreCase }) => {
      const parts = texts(operand)?.map(part => (ignoreCase ? part.toLowerCase() : part))
      const [text] = parts ?? []
      if (parts === undefined || text === undefined) return undefined
      if (parts.length === 1 && !ignoreCase) return { kind, text }
      return value => {
        if (typeof value !== 'string') return false
        const found = ignoreCase ? value.toLowerCase() : value
        for (const part of parts) if (test(found, part)) return true
        return false
      }
    },
  }
}

function numberOperator(kind: 'lt' | 'lte' | 'gt' | 'gte'): OperatorDefinition {
  return {
    ...PLAIN,
    needs: 'a number',
    compile: operand =>
      typeof operand === 'number' && Number.isFinite(operand) ? { kind, limit: operand } : undefined,
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

/** Which versions pass: those below the operand, equal to it, above it. */
interface Wanted {
  readonly below?: boolean
  readonly equal?: boolean
  readonly above?: boolean
}

function semverOperator({ below = false, equal = false, above = false }: Wanted): OperatorDefinition {
  return {
    ...PLAIN,
    needs: 'a semantic version like 2.4.0 or 2.4.0-beta.1, without "v"',
    compile: operand => {
      const order = typeof operand === 'string' ? semverOrder(operand) : undefined
      return (
        order &&
        (value => {
          if (typeof value !== 'string') return false
          const found = order(value)
          return found < 0 ? below : found > 0 ? above : found === 0 && equal
        })
      )
    },
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
  in: { ...PLAIN, needs: LIST_NEEDS, takesIgnoreCase: true, takesList: true, takes: isScalars, compile: isIn },
  notIn: { needs: LIST_NEEDS, over: 'every', takesIgnoreCase: true, takesList: true, takes: isScalars, compile: notIn },
  contains: textOperator('contains'),
  startsWith: textOperator('startsWith'),
  endsWith: textOperator('endsWith'),
  lt: numberOperator('lt'),
  lte: numberOperator('lte'),
  gt: numberOperator('gt'),
  gte: numberOperator('gte'),
  before: instantOperator((instant, limit) => instant < limit),
  after: instantOperator((instant, limit) => instant > limit),
  olderThan: ageOperator((instant, cutoff) => instant < cutoff),
  newerThan: ageOperator((instant, cutoff) => instant > cutoff),
  matches: {
    ...PLAIN,
    needs: 'a regular expression in RE2 syntax, of 1,000 characters and 1,000 steps at most, or a list of them',
    takesIgnoreCase: true,
    takesList: true,
    compile: matches,
  },
  semverEq: semverOperator({ equal: true }),
  semverLt: semverOperator({ below: true }),
  semverLte: semverOperator({ below: true, equal: true }),
  semverGt: semverOperator({ above: true }),
  semverGte: semverOperator({ equal: true, above: true }),
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

/** Whether an operator takes an operand. */
export function takesOperand(definition: OperatorDefinition, operand: Json | undefined): boolean {
  if (definition.takes !== undefined) return definition.takes(operand)
  return definition.compile(operand, { ignoreCase: false, regex: undefined }) !== undefined
}

/** Undefined for an operator that this version doesn't know. */
export function operatorDefinition(op: string): OperatorDefinition | undefined {
  return Object.hasOwn(OPERATORS, op) ? OPERATORS[op as Operator] : undefined
}
