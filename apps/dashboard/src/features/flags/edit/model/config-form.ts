import type { Prerequisite } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import { newKey } from './condition-form.ts'
import { fromRuleForm, fromServeForm, type RuleForm, type ServeForm, toRuleForm, toServeForm } from './rule-form.ts'

export interface PrerequisiteForm extends Prerequisite {
  /** Stays the same while the form changes. */
  readonly key: string
}

/** A flag's config in one environment, as it is edited. Whether it is on is set elsewhere. */
export interface ConfigForm {
  readonly on: boolean
  readonly offVariant: string
  readonly prerequisites: readonly PrerequisiteForm[]
  readonly rules: readonly RuleForm[]
  readonly fallthrough: ServeForm
}

export const toConfigForm = (config: FlagConfig): ConfigForm => ({
  on: config.on,
  offVariant: config.offVariant,
  prerequisites: config.prerequisites.map(one => ({ key: newKey(), ...one })),
  rules: config.rules.map(toRuleForm),
  fallthrough: toServeForm(config.fallthrough),
})

/** The config as it is sent. */
export const fromConfigForm = (form: ConfigForm): FlagConfig => ({
  on: form.on,
  offVariant: form.offVariant,
  prerequisites: form.prerequisites.map(({ flag, variants }) => ({ flag, variants })),
  rules: form.rules.map(fromRuleForm),
  fallthrough: fromServeForm(form.fallthrough),
})

/** The list with the item at `from` moved to `to`. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const [item] = items.slice(from, from + 1)
  if (item === undefined || to < 0 || to >= items.length) return items
  return items.toSpliced(from, 1).toSpliced(to, 0, item)
}

/** The list with one item replaced. */
export const replaced = <T extends { readonly key: string }>(items: readonly T[], item: T): readonly T[] =>
  items.map(one => (one.key === item.key ? item : one))

/** The list without the item of this key. */
export const without = <T extends { readonly key: string }>(items: readonly T[], key: string): readonly T[] =>
  items.filter(one => one.key !== key)
