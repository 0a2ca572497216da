/** What a forecast says, as plain JSON. */
import type { FlagKey, RuleId, UnitName, VariantKey } from '../model.ts'

/** The units that a directory knows. */
export type DirectoryUnit = 'account' | 'user'

/** What happens to a unit. "Having it" means: being served any variant but the one that the flag serves when it is off. */
export type ChangeKind = 'gains' | 'losses' | 'switched' | 'unchanged'

/** A unit, with its attribute `name` when it has one. */
export interface NamedUnit {
  readonly id: string
  readonly name?: string
}

/** Some units: how many, and the first of them by name. */
export interface ForecastGroup {
  readonly count: number
  readonly names: readonly NamedUnit[]
}

/** How many units are served a variant. */
export interface VariantForecast {
  readonly variant: VariantKey
  readonly before: number
  readonly after: number
}

/**
 * All accounts, or all users. The four groups have everybody once. An account has it when any of its users has it; an
 * account of which no user is known is asked itself.
 */
export interface UnitForecast {
  readonly unit: DirectoryUnit
  readonly all: number
  readonly before: number
  readonly after: number
  readonly gains: ForecastGroup
  readonly losses: ForecastGroup
  /** Has it before and after, but another variant; an account also when its users newly disagree, or no longer do. */
  readonly switched: ForecastGroup
  readonly unchanged: ForecastGroup
  /** Accounts whose users disagree are in none of these. */
  readonly variants: readonly VariantForecast[]
}

/** One rule's share after the change: what is written, and what comes of it. */
export interface ShareForecast {
  readonly ruleId: RuleId
  readonly ruleName: string | undefined
  readonly unit: DirectoryUnit
  readonly nominalPercent: number
  /** Units for whom the rule's condition holds. */
  readonly audience: number
  /** Those who get what the rule serves, by this rule: after prerequisites, and after the rules before it. */
  readonly served: number
  /** `served` as a percentage of `audience`; 0 when there is none. */
  readonly effectivePercent: number
}

/** A share of a unit that the directory doesn't list: it knows accounts and users, so there is nothing to count. */
export interface UncountedShare {
  readonly ruleId: RuleId
  readonly ruleName: string | undefined
  readonly unit: UnitName
  readonly nominalPercent: number
}

/** A rule that is not in force at the time of the forecast: it serves nobody then. */
export interface DormantRule {
  readonly ruleId: RuleId
  readonly ruleName: string | undefined
  /** As in the rule. */
  readonly from: string | undefined
  readonly until: string | undefined
}

/** Units that would have it if the flag had no prerequisites. */
export interface PrerequisiteForecast {
  readonly flags: readonly FlagKey[]
  readonly accounts: number
  readonly users: number
}

export type AttributeValue = string | number | boolean

/** The units with one value of an attribute; null: those without a single value. */
export interface BreakdownRow {
  readonly value: AttributeValue | null
  readonly all: number
  readonly before: number
  readonly after: number
  readonly gains: number
  readonly losses: number
}

export interface Breakdown {
  readonly unit: DirectoryUnit
  readonly attribute: string
  /** The largest first. */
  readonly rows: readonly BreakdownRow[]
  /** Values beyond those in `rows`. */
  readonly moreValues: number
}

export interface BigUnit extends NamedUnit {
  readonly value: number
}

/** The accounts with the greatest value of a number, gained and lost. */
export interface Biggest {
  readonly attribute: string
  readonly gained: readonly BigUnit[]
  readonly lost: readonly BigUnit[]
  /** Sums over all that are gained and lost. */
  readonly gainedTotal: number
  readonly lostTotal: number
}

export interface ForecastSummary {
  readonly flag: FlagKey
  /** What a person would say: "5 % of accounts = 612 of 12,004; 31 of the 200 enterprise accounts; 0 split teams". */
  readonly sentence: string
  /** What to expect of other units than those of the directory, when the base is small. */
  readonly note: string | undefined
  readonly accounts: UnitForecast
  readonly users: UnitForecast
  /** Accounts whose users get different variants; `names` are those after the change. */
  readonly splitTeams: { readonly before: number; readonly after: number; readonly names: readonly NamedUnit[] }
  readonly shares: readonly ShareForecast[]
  /** Shares by session, organization, request or a custom unit: who has it is exact, an effective share can't be given. */
  readonly uncountedShares: readonly UncountedShare[]
  /** Rules that have not begun, or are over. */
  readonly dormantRules: readonly DormantRule[]
  readonly prerequisites: PrerequisiteForecast | undefined
  /** Units that the flag needs and that nobody in the directory, or not everybody, has. */
  readonly missingUnits: readonly { readonly unit: UnitName; readonly rows: number }[]
  readonly breakdowns: readonly Breakdown[]
  readonly biggest: Biggest | undefined
}

export interface SummaryOptions {
  /** How many units of each group are named; default 100. */
  readonly names?: number
  /** Attributes to break down by: accounts where these have it, else users. Default: chosen from the directory. */
  readonly by?: readonly string[]
  /** The number that makes an account big. Default: `mrr`, `arr`, `revenue` or `seats`, if accounts have it. */
  readonly biggestBy?: string
}
