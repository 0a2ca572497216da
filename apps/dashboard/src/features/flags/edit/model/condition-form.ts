import type { Condition, Operator } from '@dimmer/engine'
import { isOperator } from './operator-choices.ts'
import { fromValueForm, NO_VALUE, toValueForm, type ValueForm } from './value-form.ts'

export type Join = 'all' | 'any' | 'not'
type Quantifier = 'any' | 'all' | undefined

export interface GroupForm {
  /** Stays the same while the form changes. */
  readonly key: string
  readonly kind: 'group'
  readonly join: Join
  readonly parts: readonly ConditionForm[]
}

export interface TestForm {
  readonly key: string
  readonly kind: 'test'
  readonly attribute: string
  readonly op: Operator
  readonly value: ValueForm
  readonly ignoreCase: boolean
  readonly elements: Quantifier
  readonly values: Quantifier
}

/** A condition as it is edited. `json`: one that this editor doesn't know; kept as it is. */
export type ConditionForm =
  | GroupForm
  | TestForm
  | { readonly key: string; readonly kind: 'segment'; readonly segment: string }
  | { readonly key: string; readonly kind: 'json'; readonly source: unknown }

let keys = 0
/** A key for something new in a form. */
export const newKey = (): string => `form-${++keys}`

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasOnly = (value: object, fields: readonly string[]): boolean =>
  Object.keys(value).every(field => fields.includes(field))

const isQuantifier = (value: unknown): value is Quantifier => value === undefined || value === 'any' || value === 'all'

const TEST_FIELDS = ['attribute', 'op', 'value', 'ignoreCase', 'elements', 'values']

function toTestForm(source: Readonly<Record<string, unknown>>): TestForm | undefined {
  const { attribute, op, ignoreCase, elements, values } = source
  if (typeof attribute !== 'string' || !isOperator(op) || !hasOnly(source, TEST_FIELDS)) return undefined
  if (!isQuantifier(elements) || !isQuantifier(values)) return undefined
  if (ignoreCase !== undefined && typeof ignoreCase !== 'boolean') return undefined
  const value = toValueForm(source.value as Parameters<typeof toValueForm>[0])
  if (value === undefined) return undefined
  return { key: newKey(), kind: 'test', attribute, op, value, ignoreCase: ignoreCase === true, elements, values }
}

const toGroup = (join: Join, parts: readonly unknown[]): GroupForm => ({
  key: newKey(),
  kind: 'group',
  join,
  parts: parts.map(toConditionForm),
})

/** Reads whatever came as a condition. */
export function toConditionForm(source: unknown): ConditionForm {
  const json = { key: newKey(), kind: 'json', source } as const
  if (!isObject(source)) return json
  if (hasOnly(source, ['all']) && Array.isArray(source.all)) return toGroup('all', source.all)
  if (hasOnly(source, ['any']) && Array.isArray(source.any)) return toGroup('any', source.any)
  if (hasOnly(source, ['not']) && isObject(source.not)) return toGroup('not', [source.not])
  if (hasOnly(source, ['segment']) && typeof source.segment === 'string') {
    return { key: newKey(), kind: 'segment', segment: source.segment }
  }
  return toTestForm(source) ?? json
}

/** The condition as it is sent. */
export function fromConditionForm(form: ConditionForm): Condition {
  switch (form.kind) {
    case 'group': {
      const parts = form.parts.map(fromConditionForm)
      if (form.join === 'all') return { all: parts }
      if (form.join === 'any') return { any: parts }
      const [only] = parts
      return { not: parts.length === 1 && only !== undefined ? only : { all: parts } }
    }
    case 'segment':
      return { segment: form.segment }
    case 'json':
      return form.source as Condition
    case 'test': {
      const value = fromValueForm(form.op, form.value)
      return {
        attribute: form.attribute,
        op: form.op,
        ...(value === undefined ? {} : { value }),
        ...(form.ignoreCase ? { ignoreCase: true } : {}),
        ...(form.elements === undefined ? {} : { elements: form.elements }),
        ...(form.values === undefined ? {} : { values: form.values }),
      }
    }
  }
}

/** Where a part of a group stands in the condition that is sent, for finding its problems. `top`: see `simplest`. */
export function partPath(
  group: GroupForm,
  at: { readonly path: string; readonly top: boolean },
  index: number,
): string {
  const { path, top } = at
  if (top && simplest(group) !== group) return path
  if (group.join !== 'not') return `${path}.${group.join}[${index}]`
  return group.parts.length === 1 ? `${path}.not` : `${path}.not.all[${index}]`
}

/** True when the editor can show all of it. */
export const isKnown = (form: ConditionForm): boolean =>
  form.kind === 'group' ? form.parts.every(isKnown) : form.kind !== 'json'

export const newTest = (): TestForm => ({
  key: newKey(),
  kind: 'test',
  attribute: '',
  op: 'equals',
  value: NO_VALUE,
  ignoreCase: false,
  elements: undefined,
  values: undefined,
})

/** A group always stands on top, so that there is room for more: a single test becomes "all of" it. */
export const asGroup = (form: ConditionForm): GroupForm =>
  form.kind === 'group' ? form : { key: newKey(), kind: 'group', join: 'all', parts: [form] }

export const newGroup = (): GroupForm => ({ key: newKey(), kind: 'group', join: 'any', parts: [newTest()] })

/** A condition, or none, as the outermost group of an editor. */
export const groupFormOf = (condition: Condition | undefined): GroupForm =>
  condition === undefined ? toGroup('all', []) : asGroup(toConditionForm(condition))

/** What an editor's outermost group says; undefined while it is empty. */
export const conditionOf = (group: GroupForm): Condition | undefined =>
  isEverybody(group) ? undefined : fromConditionForm(simplest(group))

/** "All of" nothing is true for everybody. */
export const isEverybody = (form: ConditionForm): boolean =>
  form.kind === 'group' && form.join === 'all' && form.parts.length === 0

/** "All of" one thing is that thing. */
export const simplest = (form: ConditionForm): ConditionForm => {
  const [only, ...others] = form.kind === 'group' ? form.parts : []
  return form.kind === 'group' && form.join !== 'not' && only !== undefined && others.length === 0 ? only : form
}
