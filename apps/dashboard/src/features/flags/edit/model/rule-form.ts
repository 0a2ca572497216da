import type { Hash, Rule, Serve, Share } from '@dimmer/engine'
import {
  asGroup,
  type ConditionForm,
  fromConditionForm,
  isEverybody,
  isKnown,
  newKey,
  newTest,
  simplest,
  toConditionForm,
} from './condition-form.ts'

export interface ShareForm {
  readonly unit: string
  /** Undefined while the field is empty. */
  readonly percent: number | undefined
  readonly hash: Hash | undefined
}

export interface ArmForm {
  readonly key: string
  readonly variant: string
  readonly weight: number | undefined
}

export type ServeForm =
  | { readonly kind: 'variant'; readonly variant: string }
  | {
      readonly kind: 'split'
      readonly unit: string
      readonly arms: readonly ArmForm[]
      readonly hash: Hash | undefined
    }

/** A rule as it is edited. */
export interface RuleForm {
  /** Stays the same while the form changes. */
  readonly key: string
  /** As it stood before; undefined for a new one. */
  readonly source: Rule | undefined
  /** False: it is sent exactly as it stood. */
  readonly edited: boolean
  /** False: something in it is newer than this editor. Shown as JSON and kept. */
  readonly known: boolean
  readonly id: string
  readonly name: string
  readonly from: string
  readonly until: string
  /** Undefined: everybody. */
  readonly when: ConditionForm | undefined
  readonly share: ShareForm | undefined
  readonly serve: ServeForm
}

const RULE_FIELDS = ['id', 'name', 'from', 'until', 'when', 'share', 'serve']

export function toServeForm(serve: Serve): ServeForm {
  if ('variant' in serve) return { kind: 'variant', variant: serve.variant }
  const { unit, arms, hash } = serve.split
  return { kind: 'split', unit, hash, arms: arms.map(arm => ({ key: newKey(), ...arm })) }
}

/** What stands in an empty field is no number; the check says so by name. */
const number = (value: number | undefined): number => value ?? Number.NaN

export function fromServeForm(form: ServeForm): Serve {
  if (form.kind === 'variant') return { variant: form.variant }
  const { unit, arms, hash } = form
  return {
    split: {
      unit,
      arms: arms.map(({ variant, weight }) => ({ variant, weight: number(weight) })),
      ...(hash && { hash }),
    },
  }
}

const fromShareForm = ({ unit, percent, hash }: ShareForm): Share => ({
  unit,
  percent: number(percent),
  ...(hash && { hash }),
})

export function toRuleForm(rule: Rule): RuleForm {
  const when = rule.when === undefined ? undefined : toConditionForm(rule.when)
  const { share } = rule
  return {
    key: newKey(),
    source: rule,
    edited: false,
    known: Object.keys(rule).every(field => RULE_FIELDS.includes(field)) && (when === undefined || isKnown(when)),
    id: rule.id,
    name: rule.name ?? '',
    from: rule.from ?? '',
    until: rule.until ?? '',
    when: when && asGroup(when),
    share: share && { unit: share.unit, percent: share.percent, hash: share.hash },
    serve: toServeForm(rule.serve),
  }
}

/** The rule as it is sent; one that wasn't touched exactly as it stood. */
export function fromRuleForm(form: RuleForm): Rule {
  if (!form.edited && form.source !== undefined) return form.source
  const text = (field: 'name' | 'from' | 'until') => (form[field].trim() === '' ? {} : { [field]: form[field].trim() })
  return {
    id: form.id.trim(),
    ...text('name'),
    ...text('from'),
    ...text('until'),
    ...(form.when && !isEverybody(form.when) && { when: fromConditionForm(simplest(form.when)) }),
    ...(form.share && { share: fromShareForm(form.share) }),
    serve: fromServeForm(form.serve),
  }
}

const freeId = (taken: readonly string[]): string => {
  for (let number = taken.length + 1; ; number++) if (!taken.includes(`rule-${number}`)) return `rule-${number}`
}

/** A rule to begin with: for nobody yet, as its one test is still empty. */
export const newRule = (taken: readonly string[], variant: string): RuleForm => ({
  key: newKey(),
  source: undefined,
  edited: true,
  known: true,
  id: freeId(taken),
  name: '',
  from: '',
  until: '',
  when: asGroup(newTest()),
  share: undefined,
  serve: { kind: 'variant', variant },
})
