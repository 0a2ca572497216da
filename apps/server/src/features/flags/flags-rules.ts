/** What a flag's config means, without storing anything. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type {
  Flag,
  FlagType,
  Json,
  Problem,
  ProblemCode,
  Rule,
  RuleId,
  Ruleset,
  Serve,
  Share,
  VariantKey,
} from '@dimmer/engine'
import type { AuditVerb, CreateFlag, FlagConfig } from '@dimmer/protocol'
import type { Environment } from '../projects/index.ts'

const BOOLEAN_VARIANTS = { on: true, off: false } as const

/** The variants of a new flag: those given, or on and off for a boolean. */
export const variantsOf = (input: CreateFlag): Readonly<Record<VariantKey, Json>> | undefined =>
  input.variants ?? (input.type === 'boolean' ? BOOLEAN_VARIANTS : undefined)

type Variants = Readonly<Record<VariantKey, Json>>

/** A boolean's variant with this value; for other types the first. */
const variantFor = (type: FlagType, variants: Variants, value: boolean): VariantKey => {
  const keys = Object.keys(variants)
  const meant = type === 'boolean' ? keys.find(key => variants[key] === value) : undefined
  return meant ?? keys[0] ?? 'off'
}

/** The config of a new flag, unless the input says otherwise: off, and once switched on, on for everybody. */
export function firstConfig(input: CreateFlag, variants: Variants): FlagConfig {
  return {
    on: false,
    offVariant: variantFor(input.type, variants, false),
    prerequisites: [],
    rules: [],
    fallthrough: { variant: variantFor(input.type, variants, !hasRules(input)) },
    ...input.config,
  }
}

/** With rules the flag is for those whom they name, and everybody else goes on without. */
const hasRules = ({ config }: CreateFlag): boolean => (config?.rules ?? []).length > 0

/** The config with one rule's share changed, its hash scheme kept; undefined if there is no such rule. */
export function withShare(config: FlagConfig, ruleId: RuleId, share: Share): FlagConfig | undefined {
  if (!config.rules.some(rule => rule.id === ruleId)) return undefined
  return {
    ...config,
    rules: config.rules.map(rule => (rule.id === ruleId ? { ...rule, share: { ...rule.share, ...share } } : rule)),
  }
}

/** The config with the rule replaced where it stands, or added as the last one. */
export const withRule = (config: FlagConfig, rule: Rule): FlagConfig => ({
  ...config,
  rules: config.rules.some(known => known.id === rule.id)
    ? config.rules.map(known => (known.id === rule.id ? rule : known))
    : [...config.rules, rule],
})

const soleVariant = (serve: Serve): VariantKey | undefined => {
  if ('variant' in serve) return serve.variant
  const weighty = serve.split.arms.filter(arm => arm.weight > 0)
  return weighty.length === 1 ? weighty[0]?.variant : undefined
}

/** True if the rule takes everybody who reaches it. */
const takesAll = (rule: Rule): boolean =>
  rule.when === undefined && (rule.share === undefined || rule.share.percent === 100)

/**
 * The one variant that everybody gets, or undefined if that depends on who asks. A flag that is off settles on its off
 * variant; prerequisites leave it open.
 */
export function settledVariant(config: FlagConfig): VariantKey | undefined {
  if (!config.on) return config.offVariant
  if (config.prerequisites.length > 0) return undefined
  const variants = new Set<VariantKey | undefined>()
  for (const rule of config.rules) {
    if (rule.share?.percent === 0) continue
    variants.add(soleVariant(rule.serve))
    if (takesAll(rule)) return variants.size === 1 ? [...variants][0] : undefined
  }
  variants.add(soleVariant(config.fallthrough))
  return variants.size === 1 ? [...variants][0] : undefined
}

/** The ids of rules that differ between two configs. */
export function changedRules(before: Pick<Flag, 'rules'>, after: Pick<Flag, 'rules'>): readonly RuleId[] {
  const byId = (config: Pick<Flag, 'rules'>) => new Map(config.rules.map(rule => [rule.id, rule]))
  const [old, now] = [byId(before), byId(after)]
  // Not by their text: the database gives fields back in another order than they came in.
  return [...new Set([...old.keys(), ...now.keys()])].filter(id => !isDeepStrictEqual(old.get(id), now.get(id)))
}

/** Whether a problem is one of knowing too little: what somebody wrote may make sense to a newer version. */
export const isNewer = (code: ProblemCode): boolean => code === 'unknown-operator' || code === 'unknown-hash'

/**
 * Whether a problem was there before, in a rule that stands as a newer server wrote it. This one skips the rule; refusing
 * every change because of it would leave a flag that nobody can switch off. `path` is relative to the flag.
 */
export function isFromNewerServer(
  { code, path }: Problem,
  before: Pick<Flag, 'rules'>,
  after: Pick<Flag, 'rules'>,
): boolean {
  const [, index] = /^rules\[(\d+)\]/.exec(path) ?? []
  const rule = index === undefined ? undefined : after.rules[Number(index)]
  return rule !== undefined && isNewer(code) && !changedRules(before, after).includes(rule.id)
}

const sameBut = (field: keyof FlagConfig, before: FlagConfig, after: FlagConfig): boolean =>
  JSON.stringify({ ...before, [field]: null }) === JSON.stringify({ ...after, [field]: null })

const withoutShares = (config: FlagConfig): FlagConfig => ({
  ...config,
  rules: config.rules.map(({ share: _share, ...rule }) => rule),
})

/** What a change does, in the journal's words. */
export function verbOf(before: FlagConfig, after: FlagConfig): AuditVerb {
  if (before.on !== after.on && sameBut('on', before, after)) return after.on ? 'switch-on' : 'switch-off'
  const onlyShares = JSON.stringify(withoutShares(before)) === JSON.stringify(withoutShares(after))
  return onlyShares && changedRules(before, after).length > 0 ? 'share' : 'change'
}

/** Flag fields that all environments share, joined with one environment's config. */
export const flagOf = (
  shared: Pick<Flag, 'key' | 'type' | 'variants' | 'salt'>,
  config: FlagConfig,
  version: number,
): Flag => ({ ...shared, ...config, version })

/** The ruleset of an environment at its version, made of its flags and the project's segments. */
export const rulesetOf = (
  environment: Pick<Environment, 'projectKey' | 'key' | 'version' | 'units'> &
    Partial<Pick<Environment, 'privateAttributes'>>,
  flags: readonly Flag[],
  segments: Ruleset['segments'],
): Ruleset => ({
  schema: 1,
  project: environment.projectKey,
  environment: environment.key,
  version: environment.version,
  flags: Object.fromEntries(flags.map(flag => [flag.key, flag])),
  segments,
  units: environment.units,
  ...(environment.privateAttributes?.length && { privateAttributes: environment.privateAttributes }),
})
