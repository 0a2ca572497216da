import { isObject } from './attributes.ts'
import type { Report } from './problem.ts'

/** What a value must look like. In two halves, so that good values, the usual ones, cost no paths and no messages. */
interface Shape {
  fits(value: unknown): boolean
  /** Reports what doesn't fit; called only when something doesn't. */
  complain(value: unknown, path: string, report: Report): void
}

function expected(needs: string, fits: (value: unknown) => boolean): Shape {
  return { fits, complain: (_, path, report) => report(path, 'invalid-shape', `must be ${needs}`) }
}

const text = expected('a text', value => typeof value === 'string')
const number = expected('a number', value => typeof value === 'number' && Number.isFinite(value))
const boolean = expected('true or false', value => typeof value === 'boolean')
const object = expected('an object', isObject)
const list = expected('a list', Array.isArray)
const flagType = expected(
  '"boolean", "string", "number" or "json"',
  value => value === 'boolean' || value === 'string' || value === 'number' || value === 'json',
)

function optional(shape: Shape): Shape {
  return { ...shape, fits: value => value === undefined || shape.fits(value) }
}

function listOf(item: Shape): Shape {
  return {
    fits: value => Array.isArray(value) && value.every(item.fits),
    complain(value, path, report) {
      if (!Array.isArray(value)) return list.complain(value, path, report)
      value.forEach((one, index) => {
        if (!item.fits(one)) item.complain(one, `${path}[${index}]`, report)
      })
    },
  }
}

function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(shapes)
  return {
    fits(value) {
      if (!isObject(value)) return false
      for (const [name, shape] of entries) if (!shape.fits(value[name])) return false
      return true
    },
    complain(value, path, report) {
      if (!isObject(value)) return object.complain(value, path, report)
      const prefix = path === '' ? '' : `${path}.`
      for (const [name, shape] of entries) {
        if (!shape.fits(value[name])) shape.complain(value[name], prefix + name, report)
      }
    },
  }
}

const hash = optional(fields({ scheme: text, salt: optional(text) }))

const toVariant = fields({ variant: text })
const toSplit = fields({ split: fields({ unit: text, arms: listOf(fields({ variant: text, weight: number })), hash }) })

function serveShape(value: unknown): Shape {
  return isObject(value) && 'split' in value ? toSplit : toVariant
}

const serve: Shape = {
  fits: value => serveShape(value).fits(value),
  complain: (value, path, report) => serveShape(value).complain(value, path, report),
}

const share = fields({ unit: text, percent: number, hash })

const flag = fields({
  type: flagType,
  variants: object,
  salt: text,
  version: number,
  on: boolean,
  offVariant: text,
  prerequisites: listOf(fields({ flag: text, variants: listOf(text) })),
  rules: listOf(fields({ id: text, from: optional(text), until: optional(text), share: optional(share), serve })),
  fallthrough: serve,
})

const ruleset = fields({
  schema: expected('1, the only format that this version reads', value => value === 1),
  version: number,
  flags: object,
  segments: object,
  units: object,
  privateAttributes: optional(listOf(text)),
})

function check(shape: Shape, value: unknown, report: Report): boolean {
  if (shape.fits(value)) return true
  shape.complain(value, '', report)
  return false
}

/**
 * Whether a flag that came as JSON has the shape of `Flag`, conditions left aside (they are looked at one by one).
 * Nothing is said about unknown fields: a newer server may send more.
 */
export function checkFlagShape(value: unknown, report: Report): boolean {
  return check(flag, value, report)
}

/** Whether a ruleset that came as JSON has the shape of `Ruleset`, flags and segments left aside. */
export function checkRulesetShape(value: unknown, report: Report): boolean {
  return check(ruleset, value, report)
}
