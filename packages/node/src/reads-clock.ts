import type { Operator, Ruleset } from '@dimmer/engine'

/** Whether an operator compares with the time of the evaluation. */
const CLOCK_OPERATORS: Readonly<Record<Operator, boolean>> = {
  equals: false,
  notEquals: false,
  in: false,
  notIn: false,
  contains: false,
  startsWith: false,
  endsWith: false,
  lt: false,
  lte: false,
  gt: false,
  gte: false,
  before: false,
  after: false,
  olderThan: true,
  newerThan: true,
  matches: false,
  semverEq: false,
  semverLt: false,
  semverLte: false,
  semverGt: false,
  semverGte: false,
  inCidr: false,
  emailDomain: false,
  exists: false,
}

const clockOperators: ReadonlySet<unknown> = new Set(
  Object.entries(CLOCK_OPERATORS).flatMap(([operator, readsClock]) => (readsClock ? [operator] : [])),
)

/** A test that compares with the time, or a rule that is not always in force. */
function asksForTime(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false
  if ('op' in tree && clockOperators.has(tree.op)) return true
  if ('serve' in tree && ('from' in tree || 'until' in tree)) return true
  return Object.values(tree).some(asksForTime)
}

/** Whether any flag of a ruleset depends on the time. Asking the clock costs several evaluations of a simple flag. */
export function readsClock(ruleset: Ruleset): boolean {
  return asksForTime(ruleset.flags) || asksForTime(ruleset.segments)
}
