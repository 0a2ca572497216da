/**
 * The flag model: what a ruleset is made of. Plain JSON, so that it can be stored, sent and diffed as it is.
 * `spec/README.md` gives the semantics; `evaluate` is the one implementation.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export type FlagKey = string
export type VariantKey = string
export type RuleId = string
export type SegmentKey = string

/** What a percentage counts. The built-in units; a project may declare more (`Ruleset.units`). */
export type BuiltInUnit = 'account' | 'user' | 'organization' | 'session' | 'request'

/** A built-in unit or the name of a custom one. */
export type UnitName = BuiltInUnit | (string & {})

/** The context attribute that identifies each built-in unit. */
export const BUILT_IN_UNITS: Readonly<Record<BuiltInUnit, string>> = {
  account: 'accountId',
  user: 'userId',
  organization: 'organizationId',
  session: 'sessionId',
  request: 'requestId',
}

/** What is known about who asks. Attributes may nest; conditions reach them by dotted paths. */
export interface Context {
  readonly targetingKey?: string
  readonly userId?: string
  readonly accountId?: string
  readonly organizationId?: string
  readonly sessionId?: string
  readonly requestId?: string
  readonly [attribute: string]: unknown
}

/** How ids are dealt over the buckets: Dimmer's own way, or that of the system a flag came from. See `spec/README.md`. */
export type HashSchemeName =
  | 'murmur3'
  | 'unleash'
  | 'unleash-node'
  | 'growthbook-v1'
  | 'growthbook-v2'
  | 'launchdarkly'
  | 'flagd-v1'
  | 'flagd-v2'
  | 'flagd-v3'
  | 'configcat'
  | 'flagsmith'

/** A scheme and what it mixes in; without `salt`, the flag's (for `murmur3` in a split, the flag's with `/split`). */
export interface Hash {
  readonly scheme: HashSchemeName
  readonly salt?: string
}

/** `percent` of a unit, 0 to 100 in steps of 0.001. There is no percentage without a unit. */
export interface Share {
  readonly unit: UnitName
  readonly percent: number
  /** Absent: Dimmer's own, with the flag's salt. */
  readonly hash?: Hash
}

/** One arm of a weighted split; weights are relative and need not add up to anything. */
export interface SplitArm {
  readonly variant: VariantKey
  readonly weight: number
}

/** Deals the units of `unit` over the arms in proportion to their weights. */
export interface Split {
  readonly unit: UnitName
  readonly arms: readonly SplitArm[]
  /** Absent: Dimmer's own, with the flag's salt for splits. */
  readonly hash?: Hash
}

/** What a rule or the fallthrough serves: one variant, or a split. */
export type Serve = { readonly variant: VariantKey } | { readonly split: Split }

export type Operator =
  | 'equals'
  | 'notEquals'
  | 'in'
  | 'notIn'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'before'
  | 'after'
  | 'olderThan'
  | 'newerThan'
  | 'matches'
  | 'semverEq'
  | 'semverLt'
  | 'semverLte'
  | 'semverGt'
  | 'semverGte'
  | 'inCidr'
  | 'emailDomain'
  | 'exists'

/** One test of one attribute. `attribute` is a dotted path; `value` is what the operator compares with. */
export interface Test {
  readonly attribute: string
  readonly op: Operator
  readonly value?: Json
  readonly ignoreCase?: boolean
  /** Where the attribute is an array: how many of its elements must pass. Absent: one, for the negative operators all. */
  readonly elements?: 'any' | 'all'
  /** Where `value` is a list: whether one of them is enough (the default) or the test must hold for each. */
  readonly values?: 'any' | 'all'
}

/** A tree of `all` / `any` / `not` over tests. `all` of nothing is true; `any` of nothing is false. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly segment: SegmentKey }
  | Test

/** condition -> optional share -> serve. The first rule that matches wins. */
export interface Rule {
  readonly id: RuleId
  readonly name?: string
  /** RFC 3339: not in force before this instant. Absent: from the beginning. */
  readonly from?: string
  /** RFC 3339: in force before this instant, no longer at it. Absent: for ever. */
  readonly until?: string
  /** Absent: everybody. */
  readonly when?: Condition
  /** Absent: all of those for whom the condition holds. */
  readonly share?: Share
  readonly serve: Serve
}

/** The other flag must be on and serve one of `variants` to the same context. */
export interface Prerequisite {
  readonly flag: FlagKey
  readonly variants: readonly VariantKey[]
}

export type FlagType = 'boolean' | 'string' | 'number' | 'json'

/** A flag as it stands in one environment. */
export interface Flag {
  readonly key: FlagKey
  readonly type: FlagType
  readonly variants: Readonly<Record<VariantKey, Json>>
  /** Drawn once, when the flag is made; never changes, so the same units stay in the same share for ever. */
  readonly salt: string
  /** Ruleset version at which this flag last changed here. */
  readonly version: number
  readonly on: boolean
  /** Served when the flag is off or a prerequisite fails. */
  readonly offVariant: VariantKey
  readonly prerequisites: readonly Prerequisite[]
  readonly rules: readonly Rule[]
  readonly fallthrough: Serve
}

/** Ids of units, uploaded or picked by hand: up to millions. Must not change once it was compiled. */
export interface UnitList {
  readonly unit: UnitName
  readonly ids: readonly string[]
}

/** A reusable audience: a condition, a list of unit ids, or both (either is enough), without those on `exclude`. */
export interface Segment {
  readonly key: SegmentKey
  readonly when?: Condition
  readonly list?: UnitList
  readonly exclude?: UnitList
}

/** Everything an SDK needs for one environment. `version` only grows. */
export interface Ruleset {
  readonly schema: 1
  readonly project: string
  readonly environment: string
  readonly version: number
  readonly flags: Readonly<Record<FlagKey, Flag>>
  readonly segments: Readonly<Record<SegmentKey, Segment>>
  /** Custom units of the project: name -> context attribute (a dotted path). */
  readonly units: Readonly<Record<string, string>>
  /** Attributes (dotted paths) that are for evaluation only: SDKs don't send them. Absent: none. */
  readonly privateAttributes?: readonly string[]
}

/** What changed between two versions of one ruleset; null: removed. */
export interface RulesetPatch {
  readonly from: number
  readonly to: number
  readonly flags: Readonly<Record<FlagKey, Flag | null>>
  readonly segments: Readonly<Record<SegmentKey, Segment | null>>
}
