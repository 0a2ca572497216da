/** Messages of the admin API (`/api/v1`), as used by the dashboard, the CLI and scripts. */
import type { Flag } from '@dimmer/engine'
import type { Decision, RolloutPlan, RolloutState, Verdict } from '@dimmer/rollout'
import { z } from 'zod'
import {
  flagTypeSchema,
  keySchema,
  prerequisiteSchema,
  ruleSchema,
  serveSchema,
  shareSchema,
  variantsSchema,
} from './flag-schemas.ts'
import type { InstanceState, SkippedPart } from './sdk-messages.ts'

const name = z.string().min(1, 'a name has at least one character').max(200)

// Projects and keys

export const createProjectSchema = z.strictObject({
  key: keySchema,
  name,
  environments: z
    .array(z.strictObject({ key: keySchema, name }))
    .min(1)
    .max(20)
    .exactOptional(),
})
export type CreateProject = z.infer<typeof createProjectSchema>

export interface EnvironmentView {
  readonly key: string
  readonly name: string
  /** Ruleset version. */
  readonly version: number
}

export interface ProjectView {
  readonly key: string
  readonly name: string
  readonly environments: readonly EnvironmentView[]
  /** Custom units: name -> context attribute. */
  readonly units: Readonly<Record<string, string>>
}

/** `server`: gets the rules. `browser`: gets values only. `edge`: gets the rules, to serve them on to others. */
export const SDK_KEY_KINDS = ['server', 'browser', 'edge'] as const
export type SdkKeyKind = (typeof SDK_KEY_KINDS)[number]

export const createSdkKeySchema = z.strictObject({
  kind: z.enum(SDK_KEY_KINDS),
  name,
  /** Absent: it holds until it is revoked. */
  expiresInDays: z.number().int().min(1).max(3_660).exactOptional(),
})
export type CreateSdkKey = z.infer<typeof createSdkKeySchema>

export interface SdkKeyView {
  readonly id: string
  readonly kind: SdkKeyKind
  readonly name: string
  /** The first characters, to tell keys apart. */
  readonly prefix: string
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

/** The answer to making a key: the only time that the key itself is shown. */
export interface NewSdkKey extends SdkKeyView {
  readonly key: string
}

// Flags

/** How a flag stands in one environment: the part that differs between environments. */
export const flagConfigSchema = z.strictObject({
  on: z.boolean(),
  offVariant: keySchema,
  prerequisites: z.array(prerequisiteSchema).max(50),
  rules: z.array(ruleSchema).max(200),
  fallthrough: serveSchema,
})
export type FlagConfig = Pick<Flag, 'on' | 'offVariant' | 'prerequisites' | 'rules' | 'fallthrough'>

export const createFlagSchema = z.strictObject({
  key: keySchema,
  name: name.exactOptional(),
  description: z.string().max(5_000).exactOptional(),
  type: flagTypeSchema,
  /** Absent for boolean flags: { on: true, off: false }. */
  variants: variantsSchema.exactOptional(),
  /** Absent: off everywhere, serving the off variant (boolean: "off"; else the first variant). */
  config: z
    .strictObject({
      on: flagConfigSchema.shape.on.exactOptional(),
      offVariant: flagConfigSchema.shape.offVariant.exactOptional(),
      prerequisites: flagConfigSchema.shape.prerequisites.exactOptional(),
      rules: flagConfigSchema.shape.rules.exactOptional(),
      fallthrough: serveSchema.exactOptional(),
    })
    .exactOptional(),
})
export type CreateFlag = z.infer<typeof createFlagSchema>

export const updateFlagSchema = z.strictObject({
  name: name.exactOptional(),
  description: z.string().max(5_000).exactOptional(),
})
export type UpdateFlag = z.infer<typeof updateFlagSchema>

/** Replaces the config in one environment. `ifVersion`: refuse if the flag there is no longer at this version. */
export const putFlagConfigSchema = flagConfigSchema.extend({ ifVersion: z.number().int().min(0).exactOptional() })
export interface PutFlagConfig extends FlagConfig {
  readonly ifVersion?: number
}

/** Switches on or off. */
export const switchFlagSchema = z.strictObject({ on: z.boolean() })

/** Sets the share of one rule. */
export const setShareSchema = shareSchema

export interface FlagEnvironmentView extends FlagConfig {
  readonly environment: string
  /** Ruleset version at which the flag last changed here. */
  readonly version: number
  readonly updatedAt: string
}

export interface FlagView {
  readonly key: string
  readonly name: string
  readonly description: string
  readonly type: Flag['type']
  readonly variants: Flag['variants']
  readonly salt: string
  readonly createdAt: string
  readonly archivedAt: string | null
  readonly environments: readonly FlagEnvironmentView[]
}

/** The answer to a change: what the flag is now, and the ruleset version that carries it. */
export interface FlagChanged {
  readonly flag: FlagView
  readonly environment: string
  readonly version: number
}

export const explainRequestSchema = z.strictObject({ flag: keySchema, context: z.record(z.string(), z.unknown()) })

// Delivery: who runs what

export interface InstanceView {
  readonly instanceId: string
  readonly sdk: string
  /** It is there: it has a stream, or polls. */
  readonly connected: boolean
  /** How it is fed; `vanished`: it went away without a word. */
  readonly state: Exclude<InstanceState, 'closed'> | 'vanished'
  /** The edge that it is connected to, by its instance id; null: a server. */
  readonly via: string | null
  /** The version it last confirmed; null: none yet. */
  readonly version: number | null
  readonly confirmedAt: string | null
  readonly lastSeenAt: string
  /** What of that version it cannot use and goes on without, 20 at most: its SDK is older than what was written. */
  readonly skips: readonly SkippedPart[]
}

/** Who has taken one ruleset version, as far as all nodes and edges know. */
export interface ReceiptSummary {
  readonly environment: string
  readonly version: number
  /** Server nodes that are known to be there. */
  readonly nodes: number
  /** Instances that are there: connected, or polling. */
  readonly instances: number
  /** Of them, how many run this version or a later one. */
  readonly confirmed: number
  /** Time from the change's commit until the last of them confirmed, in ms; null while none has. */
  readonly slowestMs: number | null
  readonly slowest: string | null
  /** Instances that have not confirmed. At most 100 are named. */
  readonly late: readonly string[]
  /**
   * Instances that went away around the change, or after it, without a word and without having confirmed. At most 100
   * are named. They count in none of the numbers.
   */
  readonly vanished: readonly string[]
}

/** The answer to a kill that waits for receipts. */
export interface KillAnswer extends FlagChanged {
  readonly receipts: ReceiptSummary
}

// Rollouts

/** A plan as people write it: what is absent takes the defaults of `@dimmer/rollout`. Its sense is `validatePlan`'s. */
export const rolloutActionSchema = z.strictObject({ note: z.string().max(2_000).exactOptional() }).nullish()
export type RolloutAction = 'start' | 'pause' | 'resume' | 'roll-back' | 'abort' | 'retire'

export interface Actor {
  readonly kind: 'person' | 'key' | 'controller'
  readonly name: string
}

export interface DecisionView extends Decision {
  readonly id: number
  readonly at: string
  readonly actor: Actor
  readonly note: string | null
  /** Ruleset version that carried it out; null where the share did not change. */
  readonly version: number | null
  readonly stage: number | null
}

export interface RolloutView {
  readonly id: string
  readonly flag: string
  readonly environment: string
  readonly plan: RolloutPlan
  readonly state: RolloutState
  /** Grows with each change of state; used to refuse a decision made on an older one. */
  readonly revision: number
  readonly createdAt: string
  /** The verdicts of the latest look; empty before the first. */
  readonly verdicts: readonly Verdict[]
  /** Distinct units ever served by this rollout. */
  readonly exposedUnits: number
}

/** One point of the live chart: what happened in `[at, at + widthMs)`, per group. */
export interface SeriesPoint {
  readonly at: number
  readonly treated: GroupPoint
  readonly control: GroupPoint
}

export interface GroupPoint {
  readonly events: number
  readonly failures: number
  /** 95th percentile of the durations, ms; null without any. */
  readonly p95Ms: number | null
}

/**
 * One look of one guardrail over time: the estimate with its always-valid bounds. For an error rate the ratio to the
 * comparison group, for a latency the share of slow events (0 to 1).
 */
export interface LookPoint {
  readonly at: number
  readonly kind: Verdict['kind']
  /** Which of the guardrail's limits was judged; the numbers are in its measure. */
  readonly limit: number
  readonly estimate: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly logE: number
  readonly stage: number
}

export interface RolloutSeries {
  readonly widthMs: number
  /** Per event name of the plan's guardrails. */
  readonly events: Readonly<Record<string, readonly SeriesPoint[]>>
  /** Per guardrail id. */
  readonly looks: Readonly<Record<string, readonly LookPoint[]>>
}

// Hygiene

export interface StaleFlag {
  readonly flag: string
  readonly name: string
  readonly environment: string
  readonly variant: string
  /** Since when everybody gets this variant. */
  readonly since: string
  readonly days: number
}

export interface StaleReport {
  readonly days: number
  readonly asOf: string
  readonly flags: readonly StaleFlag[]
}

// Live events of the dashboard: `GET /api/v1/projects/:project/live` (SSE)

export type LiveEvent =
  | { readonly type: 'flag-changed'; readonly flag: string; readonly environment: string; readonly version: number }
  | { readonly type: 'receipts'; readonly environment: string; readonly version: number }
  | { readonly type: 'rollout-changed'; readonly rollout: string; readonly flag: string; readonly environment: string }
  | { readonly type: 'looked'; readonly rollout: string }
  | {
      readonly type: 'change-request-changed'
      readonly request: string
      /** What it changes: a flag in an environment, or a segment. */
      readonly flag?: string
      readonly environment?: string
      readonly segment?: string
    }
  /** Segments or units, which belong to all flags. */
  | { readonly type: 'targeting-changed'; readonly environment: string; readonly version: number }
