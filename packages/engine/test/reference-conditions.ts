import type { Condition, Json, Ruleset, Test, UnitList } from '../src/index.ts'
import { referenceInRange } from './reference-ip.ts'
import { referenceSemver } from './reference-semver.ts'

type Context = Readonly<Record<string, unknown>>

const BUILT_IN = ['account', 'user', 'organization', 'session', 'request']

function lookUp(context: Context, path: string): unknown {
  if (Object.hasOwn(context, path) && context[path] !== null) return context[path]
  return path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.entries(value).find(([own]) => own === key)?.[1]
  }, context)
}

export function unitIdOf(context: Context, unit: string, ruleset: Ruleset): string | undefined {
  const path = BUILT_IN.includes(unit) ? `${unit}Id` : (ruleset.units[unit] ?? '')
  const value = lookUp(context, path)
  if (typeof value === 'string' && value.length > 0) return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value).toString() : undefined
}

/** Milliseconds since 1970 of a date, a date-time or a number; undefined when it is none. */
export function instant(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined
  if (typeof value !== 'string') return undefined
  const format = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d)))?$/
  const match = format.exec(value)
  if (!match) return undefined
  const part = (index: number) => Number(match[index] ?? 0)
  const day = new Date(0)
  day.setUTCFullYear(part(1), part(2) - 1, part(3))
  const exists = day.getUTCMonth() === part(2) - 1 && day.getUTCDate() === part(3)
  const inRange = part(4) < 24 && part(5) < 60 && part(6) <= 60 && part(9) < 24 && part(10) < 60
  if (!exists || !inRange) return undefined
  const offset = (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10)) * 60_000
  const fraction = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  return day.getTime() + ((part(4) * 60 + part(5)) * 60 + part(6)) * 1000 + fraction - offset
}

function before(now: number, duration: string): number {
  const [, years, months, weeks, days, hours, minutes, seconds] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ?? []
  const date = new Date(now)
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() - Number(years ?? 0) * 12 - Number(months ?? 0))
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(dayOfMonth, lastDay))
  const totalDays = Number(weeks ?? 0) * 7 + Number(days ?? 0)
  const totalSeconds = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  return date.getTime() - totalDays * 86_400_000 - totalSeconds * 1000
}

function asList(operand: Json | undefined): readonly unknown[] {
  return Array.isArray(operand) ? operand : [operand]
}

function sameType(a: unknown, b: unknown): boolean {
  return typeof a === typeof b && (typeof a !== 'number' || Number.isFinite(a))
}

/** What each operator says of one value, written from the words of the specification. */
function holdsForOne(test: Test, value: unknown, now: number): boolean {
  const lower = (item: unknown) => (test.ignoreCase === true && typeof item === 'string' ? item.toLowerCase() : item)
  const operands = asList(test.value)
  const isOneOf = operands.some(operand => lower(operand) === lower(value))
  const hasType = operands.every(operand => sameType(value, operand))
  const anyText = (check: (text: string, part: string) => boolean) =>
    typeof value === 'string' && operands.some(operand => check(String(lower(value)), String(lower(operand))))
  const number = (check: (a: number, b: number) => boolean) =>
    typeof value === 'number' && Number.isFinite(value) && check(value, Number(test.value))
  const version = (check: (order: number) => boolean) =>
    typeof value === 'string' && check(referenceSemver(value, String(test.value)))
  const date = (check: (a: number, b: number) => boolean, limit: number | undefined) => {
    const at = instant(value)
    return at !== undefined && limit !== undefined && check(at, limit)
  }
  switch (test.op) {
    case 'equals':
    case 'in':
      return isOneOf
    case 'notEquals':
    case 'notIn':
      return hasType && !isOneOf
    case 'contains':
      return anyText((text, part) => text.includes(part))
    case 'startsWith':
      return anyText((text, part) => text.startsWith(part))
    case 'endsWith':
      return anyText((text, part) => text.endsWith(part))
    case 'lt':
      return number((a, b) => a < b)
    case 'lte':
      return number((a, b) => a <= b)
    case 'gt':
      return number((a, b) => a > b)
    case 'gte':
      return number((a, b) => a >= b)
    case 'before':
      return date((a, b) => a < b, instant(test.value))
    case 'after':
      return date((a, b) => a > b, instant(test.value))
    case 'olderThan':
      return date((a, b) => a < b, before(now, String(test.value)))
    case 'newerThan':
      return date((a, b) => a > b, before(now, String(test.value)))
    case 'emailDomain': {
      const parts = typeof value === 'string' ? value.split('@') : []
      const domain = parts.at(-1)?.toLowerCase()
      const hasName = parts.slice(0, -1).join('@') !== ''
      const isMeant = (wanted: string) =>
        wanted.startsWith('*.')
          ? domain !== wanted.slice(1) && domain?.endsWith(wanted.slice(1)) === true
          : domain === wanted
      return hasName && operands.some(operand => isMeant(String(operand).toLowerCase()))
    }
    case 'matches':
      return (
        String(value).length <= 10_000 &&
        anyText((_, pattern) => new RegExp(pattern, test.ignoreCase === true ? 'iu' : 'u').test(String(value)))
      )
    case 'semverEq':
      return version(order => order === 0)
    case 'semverLt':
      return version(order => order < 0)
    case 'semverLte':
      return version(order => order <= 0)
    case 'semverGt':
      return version(order => order > 0)
    case 'semverGte':
      return version(order => order >= 0)
    case 'inCidr':
      return typeof value === 'string' && operands.some(operand => referenceInRange(value, String(operand)) === true)
    case 'exists':
      return true
  }
}

function testHolds(test: Test, context: Context, now: number): boolean {
  const value = lookUp(context, test.attribute)
  if (value === undefined || value === null) return false
  if (test.op === 'exists') return true
  if (test.values === 'all' && Array.isArray(test.value)) {
    const { values: _, ...rest } = test
    return test.value.every(one => testHolds({ ...rest, value: [one] }, context, now))
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isNegative = test.op === 'notEquals' || test.op === 'notIn'
  const every = test.elements === undefined ? isNegative : test.elements === 'all'
  return every ? items.every(item => holdsForOne(test, item, now)) : items.some(item => holdsForOne(test, item, now))
}

export interface Asked {
  readonly ruleset: Ruleset
  readonly context: Context
  readonly now: number
}

function isOn(list: UnitList | undefined, asked: Asked): boolean {
  const id = list && unitIdOf(asked.context, list.unit, asked.ruleset)
  return id !== undefined && list?.ids.includes(id) === true
}

export function conditionHolds(condition: Condition, asked: Asked): boolean {
  if ('all' in condition) return condition.all.every(part => conditionHolds(part, asked))
  if ('any' in condition) return condition.any.some(part => conditionHolds(part, asked))
  if ('not' in condition) return !conditionHolds(condition.not, asked)
  if ('attribute' in condition) return testHolds(condition, asked.context, asked.now)
  const segment = asked.ruleset.segments[condition.segment]
  if (isOn(segment?.exclude, asked)) return false
  return isOn(segment?.list, asked) || (segment?.when !== undefined && conditionHolds(segment.when, asked))
}
