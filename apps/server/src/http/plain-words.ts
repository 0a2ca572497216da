import { z } from 'zod'

type RawIssue = z.core.$ZodRawIssue
type Raw<Code extends RawIssue['code']> = Extract<RawIssue, { readonly code: Code }>

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
}

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'a time like 2026-03-01T12:00:00Z',
  date: 'a date like 2026-03-01',
  email: 'an e-mail address',
  url: 'an address like https://example.com',
}

/** What things of a kind consist of. */
const PARTS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
}

/** What is said of a union where nothing better is known. */
export const NO_OPTION = 'is nothing that is allowed here'

const figure = (value: number | bigint): string => value.toLocaleString('en')

const quoted = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value))

/** "a", "b" or "c". */
function oneOf(values: readonly unknown[]): string {
  const words = values.map(quoted)
  return words.length < 2 ? words.join('') : `one of ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** What something must be; also said where it is not there at all. */
const needed = (input: unknown, what: string): string =>
  input === undefined ? `is missing; it must be ${what}` : `must be ${what}`

function typeWords({ input, expected }: Raw<'invalid_type'>): string {
  const wanted = TYPES[expected] ?? String(expected)
  const given = TYPES[z.core.util.parsedType(input)]
  const isOther = given !== undefined && expected !== 'int' && given !== wanted
  return needed(input, wanted) + (isOther ? `, not ${given}` : '')
}

/** "1 character", "200 characters"; for a number the number. */
function amount(origin: string, size: number | bigint): string {
  const parts = PARTS[origin]
  return parts === undefined ? figure(size) : `${figure(size)} ${parts[Number(size) === 1 ? 0 : 1]}`
}

function tooBigWords({ origin, maximum, inclusive = true, exact }: Raw<'too_big'>): string {
  const most = amount(origin, maximum)
  if (PARTS[origin] === undefined) return inclusive ? `must be ${most} at most` : `must be below ${most}`
  return exact ? `must have ${most}` : `may have ${most} at most`
}

function tooSmallWords({ origin, minimum, inclusive = true, exact }: Raw<'too_small'>): string {
  const least = amount(origin, minimum)
  if (PARTS[origin] === undefined) return inclusive ? `must be ${least} at least` : `must be above ${least}`
  if (exact) return `must have ${least}`
  return Number(minimum) === 1 ? 'must not be empty' : `must have ${least} at least`
}

function unknownKeys({ keys, inst }: Raw<'unrecognized_keys'>): string {
  const known = inst instanceof z.ZodObject ? Object.keys(inst.shape) : []
  const isAre = keys.length === 1 ? 'is' : 'are'
  const allowed = known.length === 0 ? '' : `; known are ${known.map(quoted).join(', ')}`
  return `${keys.map(quoted).join(', ')} ${isAre} not known here${allowed}`
}

/** Of a union that goes by one field (the path names it), what that may be. */
function unionWords({ input, discriminator = '', options }: Raw<'invalid_union'>): string {
  if (!Array.isArray(options)) return NO_OPTION
  const given: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, discriminator) : input
  return needed(given, oneOf(options))
}

/** Zod's own words are for programmers; these say to anybody what was wrong and what is allowed. */
export function plainWords(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue)
    case 'invalid_value':
      return needed(issue.input, oneOf(issue.values))
    case 'too_big':
      return tooBigWords(issue)
    case 'too_small':
      return tooSmallWords(issue)
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? 'written in another way'}`
    case 'not_multiple_of':
      return `must be a multiple of ${figure(issue.divisor)}`
    case 'unrecognized_keys':
      return unknownKeys(issue)
    case 'invalid_key':
      return `is no possible name here: ${issue.issues[0]?.message ?? 'use another one'}`
    case 'invalid_union':
      return unionWords(issue)
    default:
      return 'is not allowed'
  }
}
