import { type Operator, operatorDefinition } from '@dimmer/engine'

/** What is typed in for an operator. */
export type ValueKind = 'scalar' | 'scalars' | 'texts' | 'number' | 'instant' | 'duration' | 'version' | 'none'

interface Choice {
  readonly label: string
  readonly kind: ValueKind
  /** What a value looks like. */
  readonly example: string
}

/** The operators as they are offered, in groups, most used first. */
const CHOICES: Readonly<Record<Operator, Choice>> = {
  equals: { label: 'is', kind: 'scalar', example: 'enterprise' },
  notEquals: { label: 'is not', kind: 'scalar', example: 'free' },
  in: { label: 'is one of', kind: 'scalars', example: 'DE, FR' },
  notIn: { label: 'is none of', kind: 'scalars', example: 'US, GB' },
  exists: { label: 'is known', kind: 'none', example: '' },
  contains: { label: 'contains', kind: 'texts', example: 'beta' },
  startsWith: { label: 'starts with', kind: 'texts', example: 'inv-' },
  endsWith: { label: 'ends with', kind: 'texts', example: '.de' },
  matches: { label: 'matches the expression', kind: 'texts', example: '^inv-[0-9]+$' },
  emailDomain: { label: 'is an e-mail address at', kind: 'texts', example: 'example.com' },
  lt: { label: 'is under', kind: 'number', example: '50' },
  lte: { label: 'is at most', kind: 'number', example: '50' },
  gt: { label: 'is over', kind: 'number', example: '50' },
  gte: { label: 'is at least', kind: 'number', example: '50' },
  before: { label: 'is before', kind: 'instant', example: '2026-03-01T09:00:00Z' },
  after: { label: 'is after', kind: 'instant', example: '2026-03-01T09:00:00Z' },
  olderThan: { label: 'is longer ago than', kind: 'duration', example: 'P30D' },
  newerThan: { label: 'is less long ago than', kind: 'duration', example: 'P30D' },
  semverEq: { label: 'is version', kind: 'version', example: '2.4.0' },
  semverLt: { label: 'is a version below', kind: 'version', example: '2.4.0' },
  semverLte: { label: 'is at most version', kind: 'version', example: '2.4.0' },
  semverGt: { label: 'is a version above', kind: 'version', example: '2.4.0' },
  semverGte: { label: 'is at least version', kind: 'version', example: '2.4.0' },
  inCidr: { label: 'is an IP address in', kind: 'texts', example: '10.0.0.0/8' },
}

const GROUPS: readonly (readonly [string, readonly Operator[]])[] = [
  ['Any', ['equals', 'notEquals', 'in', 'notIn', 'exists']],
  ['Text', ['contains', 'startsWith', 'endsWith', 'matches', 'emailDomain']],
  ['Number', ['gte', 'gt', 'lte', 'lt']],
  ['Date', ['olderThan', 'newerThan', 'before', 'after']],
  ['Version', ['semverGte', 'semverGt', 'semverEq', 'semverLte', 'semverLt']],
  ['Network', ['inCidr']],
]

/** For a select: groups of operators with their labels. */
export const OPERATOR_OPTIONS = GROUPS.map(([group, operators]) => ({
  group,
  items: operators.map(value => ({ value, label: CHOICES[value].label })),
}))

export const isOperator = (op: unknown): op is Operator => typeof op === 'string' && Object.hasOwn(CHOICES, op)

export const operatorChoice = (op: Operator): Choice => CHOICES[op]

/** What else a test with this operator can say. */
export function operatorExtras(op: Operator): {
  readonly ignoreCase: boolean
  readonly elements: boolean
  readonly values: boolean
} {
  const definition = operatorDefinition(op)
  return {
    ignoreCase: definition?.takesIgnoreCase === true,
    elements: definition?.over !== 'whole',
    values: definition?.takesList === true,
  }
}
