import type { Json, Operator } from '@dimmer/engine'
import { operatorChoice, type ValueKind } from './operator-choices.ts'

export type ValueType = 'text' | 'number' | 'boolean'

/** What a test compares with, as it is typed: texts, until they are all there. */
export interface ValueForm {
  readonly type: ValueType
  readonly items: readonly string[]
  /** Whether it is sent as a list. */
  readonly list: boolean
}

export const NO_VALUE: ValueForm = { type: 'text', items: [], list: false }

const typeOf = (value: unknown): ValueType | undefined => {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' && Number.isFinite(value) ? 'number' : undefined
}

/** Undefined for what no field can show: objects, null, lists of different types. */
export function toValueForm(value: Json | undefined): ValueForm | undefined {
  if (value === undefined) return NO_VALUE
  const list = Array.isArray(value)
  const all: readonly unknown[] = list ? value : [value]
  const types = new Set(all.map(typeOf))
  const [type] = types.size === 0 ? ['text' as const] : types
  if (types.size > 1 || type === undefined) return undefined
  return { type, items: all.map(String), list }
}

/** A number where it is one; else the text, which the check then refuses by name. */
function parseItem(type: ValueType, item: string): string | number | boolean {
  if (type === 'boolean') return item === 'true'
  if (type === 'text' || item.trim() === '') return item
  const number = Number(item)
  return Number.isFinite(number) ? number : item
}

/** The value as it is sent; undefined for an operator that takes none. */
export function fromValueForm(op: Operator, { type, items, list }: ValueForm): Json | undefined {
  if (operatorChoice(op).kind === 'none') return undefined
  const parsed = items.map(item => parseItem(type, item))
  return list ? parsed : (parsed[0] ?? '')
}

const ALWAYS_TEXT: ReadonlySet<ValueKind> = new Set(['texts', 'duration', 'version'])

/** What is kept of a value when another operator is chosen. */
export function fitValue(value: ValueForm, op: Operator): ValueForm {
  const { kind } = operatorChoice(op)
  if (kind === 'none') return NO_VALUE
  if (kind === 'scalars') return { ...value, type: value.type === 'boolean' ? 'text' : value.type, list: true }
  if (kind === 'texts') return { type: 'text', items: value.items, list: value.items.length > 1 }
  const items = value.items.slice(0, 1)
  if (kind === 'number')
    return { type: 'number', items: items.filter(item => Number.isFinite(Number(item))), list: false }
  if (ALWAYS_TEXT.has(kind) || kind === 'instant') return { type: 'text', items, list: false }
  return { type: value.type, items, list: false }
}

/** A list of texts as it is typed, one or more. `always`: also one of them is a list. */
export const withItems = (value: ValueForm, items: readonly string[], always: boolean): ValueForm => ({
  ...value,
  items,
  list: always || items.length > 1,
})
