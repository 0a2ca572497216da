import { counted } from './counted.ts'
import { misfitWords } from './explain-misfits.ts'
import { parseDuration } from './instants.ts'
import type { Json, Operator, Test } from './model.ts'

const MOST_CHARACTERS = 60
const MOST_ITEMS = 5

function shorten(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}...`
}

function sequence(items: readonly string[], word: string): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`
}

/** Several things in one phrase: "a, b or c". Long lists are cut. */
export function listed(items: readonly string[], word: string): string {
  const more = items.length - MOST_ITEMS
  return sequence(more > 0 ? [...items.slice(0, MOST_ITEMS), `${counted(more)} more`] : items, word)
}

/** Several sentences in one. */
export function joined(sentences: readonly string[]): string {
  const more = sentences.length - MOST_ITEMS
  return sentences.slice(0, MOST_ITEMS).join('; ') + (more > 0 ? `; and ${counted(more)} more` : '')
}

/** Words that say something else when they are not a text. */
const LIKE_OTHERS: readonly string[] = ['true', 'false', 'null', 'missing', 'NaN', 'undefined']

/** Text that would be mistaken for something else, or for part of the sentence, stands in quotes. */
function textWords(text: string): string {
  const plain = /^[\p{L}\p{N}][\p{L}\p{N}@:._+-]*$/u.test(text) && Number.isNaN(Number(text))
  return plain && !LIKE_OTHERS.includes(text) ? shorten(text) : `"${shorten(text)}"`
}

/** A value as one would write it in a sentence. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === null) return 'missing'
  if (typeof value === 'string') return textWords(value)
  if (typeof value !== 'object') return String(value)
  if (!Array.isArray(value)) return 'an object'
  const items: readonly unknown[] = value
  if (items.length === 0) return 'an empty list'
  return `[${items
    .slice(0, MOST_ITEMS)
    .map(item => (Array.isArray(item) ? 'a list' : valueWords(item)))
    .join(', ')}${items.length > MOST_ITEMS ? ', ...' : ''}]`
}

function anyOf(operand: Json | undefined): string {
  const items: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  return listed(items.map(valueWords), 'or')
}

function lasting(count: number, unit: string): string[] {
  return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`]
}

/** Everything else of the type of what it is compared with, since nothing of another type passes. */
function anyOther(operand: Json | undefined): string {
  const sample: unknown = Array.isArray(operand) ? operand[0] : operand
  if (typeof sample === 'boolean') return String(!sample)
  return `${typeof sample === 'number' ? 'any number' : 'any text'} but ${anyOf(operand)}`
}

function durationWords(operand: Json | undefined): string {
  const duration = typeof operand === 'string' ? parseDuration(operand) : undefined
  if (duration === undefined) return valueWords(operand)
  const seconds = duration.milliseconds / 1000
  const parts = [
    ...lasting(Math.floor(duration.months / 12), 'year'),
    ...lasting(duration.months % 12, 'month'),
    ...lasting(Math.floor(seconds / 86_400), 'day'),
    ...lasting(Math.floor(seconds / 3600) % 24, 'hour'),
    ...lasting(Math.floor(seconds / 60) % 60, 'minute'),
    ...lasting(seconds % 60, 'second'),
  ]
  return parts.length === 0 ? '0 seconds' : sequence(parts, 'and')
}

const NEEDED: Readonly<Record<Operator, (operand: Json | undefined) => string>> = {
  equals: valueWords,
  notEquals: anyOther,
  in: anyOf,
  notIn: anyOther,
  contains: operand => `a text that contains ${anyOf(operand)}`,
  startsWith: operand => `a text that begins with ${anyOf(operand)}`,
  endsWith: operand => `a text that ends with ${anyOf(operand)}`,
  lt: operand => `a number below ${valueWords(operand)}`,
  lte: operand => `a number of ${valueWords(operand)} at most`,
  gt: operand => `a number above ${valueWords(operand)}`,
  gte: operand => `a number of ${valueWords(operand)} at least`,
  before: operand => `a date before ${valueWords(operand)}`,
  after: operand => `a date after ${valueWords(operand)}`,
  olderThan: operand => `a date more than ${durationWords(operand)} ago`,
  newerThan: operand => `a date less than ${durationWords(operand)} ago`,
  matches: operand => `a text that matches ${anyOf(operand)}`,
  semverEq: operand => `version ${anyOf(operand)}`,
  semverLt: operand => `a version below ${anyOf(operand)}`,
  semverLte: operand => `version ${anyOf(operand)} at most`,
  semverGt: operand => `a version above ${anyOf(operand)}`,
  semverGte: operand => `version ${anyOf(operand)} at least`,
  inCidr: operand => `an address in ${anyOf(operand)}`,
  emailDomain: operand => `an e-mail address at ${anyOf(operand)}`,
  exists: () => 'any value',
}

function elementWords({ elements }: Test): string {
  if (elements === undefined) return ''
  return elements === 'all' ? ', in every element' : ', in one element at least'
}

function neededWords(test: Test): string {
  const operands = test.values === 'all' && Array.isArray(test.value) ? test.value.map(value => [value]) : [test.value]
  const needed = listed(operands.map(NEEDED[test.op]), 'and')
  const letters = test.ignoreCase === true ? ' in capitals or small letters' : ''
  return needed + letters + elementWords(test)
}

const isSaid = (part: string | undefined): boolean => part !== undefined

/** "country is DE, needed FR or ES"; for a test that holds "country is FR" or "seats is 7, a number above 5". */
export function testSentence(test: Test, found: unknown, holds: boolean): string {
  const is = `${test.attribute} is ${valueWords(found)}`
  if (!holds) return [is, misfitWords(test, found), `needed ${neededWords(test)}`].filter(isSaid).join(', ')
  const obvious = test.op === 'equals' || test.op === 'in' || test.op === 'exists'
  return obvious ? is : `${is}, ${neededWords(test)}`
}

/** The same for the opposite of a test: "country is DE, not FR or ES", "country is FR, needed anything but FR or ES". */
export function notTestSentence(test: Test, found: unknown, holds: boolean): string {
  const needed = holds ? 'not' : 'needed anything but'
  return `${test.attribute} is ${valueWords(found)}, ${needed} ${neededWords(test)}`
}
