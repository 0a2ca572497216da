import { type Attributes, readOwn, slotOf } from './attributes.ts'
import type { Comparison, Matcher, Quantifier } from './operators.ts'
import type { Outcome } from './outcome.ts'

/** Whether something holds for a context. `now` is in milliseconds since 1970. */
export type Predicate = (context: Attributes, now: number) => boolean

/** What a step does. Numbers, because V8 makes a jump table of a switch over them. */
const END = 0
const PREDICATE = 1
const MATCHER = 2
const SAME = 3
const SAME_TEXT = 4
const AMONG = 5
const LT = 6
const LTE = 7
const GT = 8
const GTE = 9
const CONTAINS = 10
const STARTS_WITH = 11
const ENDS_WITH = 12

const KINDS: Readonly<Record<Comparison['kind'], number>> = {
  equals: SAME,
  among: AMONG,
  lt: LT,
  lte: LTE,
  gt: GT,
  gte: GTE,
  contains: CONTAINS,
  startsWith: STARTS_WITH,
  endsWith: ENDS_WITH,
}

const NO_VALUES: ReadonlySet<unknown> = new Set()
const never = (): boolean => false

/** What a step asks. */
export type Question =
  | { readonly attribute: string; readonly over: Exclude<Quantifier, 'whole'>; readonly check: Comparison | Matcher }
  | Predicate

/** Where a graph of steps ends. */
export interface End {
  /** A number for whoever asked. */
  readonly place: number
  /** What everybody gets who arrives here; undefined when there is more to be found out. */
  readonly outcome?: Outcome | undefined
}

/** Numbers that are compared must be finite. */
const isBelowAll = Number.NEGATIVE_INFINITY
const isAboveAll = Number.POSITIVE_INFINITY

/** What a step compares with: one of these, the others being blank. */
type Operand = Pick<Step, 'kind' | 'value' | 'text' | 'values' | 'limit' | 'matcher'>

const BLANK: Operand = { kind: MATCHER, value: undefined, text: '', values: NO_VALUES, limit: 0, matcher: never }

function operandOf(check: Comparison | Matcher | undefined): Operand {
  if (check === undefined) return BLANK
  if (typeof check === 'function') return { ...BLANK, matcher: check }
  const kind = KINDS[check.kind]
  switch (check.kind) {
    case 'equals':
      if (typeof check.value === 'string') return { ...BLANK, kind: SAME_TEXT, text: check.value }
      return { ...BLANK, kind, value: check.value }
    case 'among':
      return { ...BLANK, kind, values: check.values }
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return { ...BLANK, kind, text: check.text }
    default:
      return { ...BLANK, kind, limit: check.limit }
  }
}

/**
 * One question of a condition, and where to go on from each answer; or an end. Conditions become graphs of steps, and
 * all steps are of one shape and run by one loop: V8 compiles that well, which it doesn't do with closures that call closures.
 */
export class Step {
  readonly kind: number
  readonly slot: number
  readonly attribute: string
  readonly yes: Step
  readonly no: Step
  readonly value: unknown
  readonly text: string
  readonly values: ReadonlySet<unknown>
  readonly limit: number
  readonly matcher: Matcher
  readonly predicate: Predicate
  readonly over: Quantifier
  readonly place: number
  readonly outcome: Outcome | undefined

  constructor(what: Question | End, yes?: Step, no?: Step) {
    const test = typeof what === 'object' && 'attribute' in what ? what : undefined
    const end = typeof what === 'object' && 'place' in what ? what : undefined
    const operand = operandOf(test?.check)
    this.kind = test === undefined ? (end === undefined ? PREDICATE : END) : operand.kind
    this.slot = test === undefined ? 0 : slotOf(test.attribute)
    this.attribute = test?.attribute ?? ''
    this.yes = yes ?? this
    this.no = no ?? this
    this.value = operand.value
    this.text = operand.text
    this.values = operand.values
    this.limit = operand.limit
    this.matcher = operand.matcher
    this.predicate = typeof what === 'function' ? what : never
    this.over = test?.over ?? 'any'
    this.place = end?.place ?? -1
    this.outcome = end?.outcome
  }
}

/** Where a condition ends. */
export const YES: Step = new Step({ place: 1 })
export const NO: Step = new Step({ place: 0 })

/** Whether one value, which is no array, passes. */
function passes(step: Step, value: unknown, now: number): boolean {
  switch (step.kind) {
    case SAME:
      return value === step.value
    case SAME_TEXT:
      return typeof value === 'string' && value === step.text
    case AMONG:
      return step.values.has(value)
    case LT:
      return typeof value === 'number' && value < step.limit && value !== isBelowAll
    case LTE:
      return typeof value === 'number' && value <= step.limit && value !== isBelowAll
    case GT:
      return typeof value === 'number' && value > step.limit && value !== isAboveAll
    case GTE:
      return typeof value === 'number' && value >= step.limit && value !== isAboveAll
    case CONTAINS:
      return typeof value === 'string' && value.includes(step.text)
    case STARTS_WITH:
      return typeof value === 'string' && value.startsWith(step.text)
    case ENDS_WITH:
      return typeof value === 'string' && value.endsWith(step.text)
    default:
      return step.matcher(value, now)
  }
}

/** Whether one value, which is no array, passes a comparison. */
export function passesComparison(comparison: Comparison, value: unknown): boolean {
  return passes(new Step({ attribute: 'any', over: 'any', check: comparison }), value, 0)
}

function elementsPass(step: Step, values: readonly unknown[], now: number): boolean {
  if (step.over === 'every') {
    for (const value of values) if (!passes(step, value, now)) return false
    return true
  }
  for (const value of values) if (passes(step, value, now)) return true
  return false
}

/** The answer for an attribute that is there, an array or not. */
export function valuePasses(step: Step, value: unknown, now: number): boolean {
  return Array.isArray(value) ? elementsPass(step, value, now) : passes(step, value, now)
}

/** The answer of one step. A missing attribute passes no test. */
function holds(step: Step, context: Attributes, now: number): boolean {
  const { kind } = step
  if (kind === PREDICATE) return step.predicate(context, now)
  const value = readOwn(step.slot, context, step.attribute)
  if (typeof value !== 'string') return value !== undefined && valuePasses(step, value, now)
  if (kind === SAME_TEXT) return value === step.text
  return kind === AMONG ? step.values.has(value) : passes(step, value, now)
}

/** The end to which a graph of steps leads. */
export function endOf(start: Step, context: Attributes, now: number): Step {
  let step = start
  while (step.kind !== END) step = holds(step, context, now) ? step.yes : step.no
  return step
}

/** Whether a condition whose ends are `YES` and `NO` holds. */
export function run(start: Step, context: Attributes, now: number): boolean {
  return endOf(start, context, now) === YES
}
