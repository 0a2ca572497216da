import { isObject } from './attributes.ts'
import type { Report } from './problem.ts'

/** Reports what is not as it must be and says whether all is well. */
type Check = (value: unknown, path: string, report: Report) => boolean

function expect(needs: string, holds: (value: unknown) => boolean): Check {
  return (value, path, report) => {
    if (holds(value)) return true
    report(path, 'invalid-shape', `must be ${needs}`)
    return false
  }
}

const text = expect('a text', value => typeof value === 'string')
const number = expect('a number', value => typeof value === 'number' && Number.isFinite(value))
const boolean = expect('true or false', value => typeof value === 'boolean')
const object = expect('an object', isObject)
const flagType = expect(
  '"boolean", "string", "number" or "json"',
  value => value === 'boolean' || value === 'string' || value === 'number' || value === 'json',
)

function optional(check: Check): Check {
  return (value, path, report) => value === undefined || check(value, path, report)
}

function listOf(check: Check): Check {
  return (value, path, report) => {
    if (!Array.isArray(value)) return expect('a list', () => false)(value, path, report)
    const items: readonly unknown[] = value
    return items.map((item, index) => check(item, `${path}[${index}]`, report)).every(Boolean)
  }
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks)
  return (value, path, report) => {
    if (!isObject(value)) return object(value, path, report)
    const prefix = path === '' ? '' : `${path}.`
    return entries.map(([name, check]) => check(value[name], prefix + name, report)).every(Boolean)
  }
}

const split = fields({ unit: text, arms: listOf(fields({ variant: text, weight: number })) })

const serve: Check = (value, path, report) =>
  isObject(value) && 'split' in value
    ? split(value.split, `${path}.split`, report)
    : fields({ variant: text })(value, path, report)

const share = fields({ unit: text, percent: number })

/**
 * Whether a flag that came as JSON has the shape of `Flag`, conditions left aside (they are looked at one by one).
 * Nothing is said about unknown fields: a newer server may send more.
 */
export const checkFlagShape: Check = fields({
  type: flagType,
  variants: object,
  salt: text,
  version: number,
  on: boolean,
  offVariant: text,
  prerequisites: listOf(fields({ flag: text, variants: listOf(text) })),
  rules: listOf(fields({ id: text, share: optional(share), serve })),
  fallthrough: serve,
})

/** Whether a ruleset that came as JSON has the shape of `Ruleset`, flags and segments left aside. */
export const checkRulesetShape: Check = fields({
  schema: expect('1, the only format that this version reads', value => value === 1),
  version: number,
  flags: object,
  segments: object,
  units: object,
})
