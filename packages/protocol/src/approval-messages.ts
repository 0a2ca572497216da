/** Change requests: changes that others approve before they are applied. */
import type { Condition, RuleId, SegmentKey, Share } from '@dimmer/engine'
import { z } from 'zod'
import { ROLES, type Role } from './access-messages.ts'
import { type FlagConfig, flagConfigSchema } from './admin-messages.ts'
import type { AuditChange, AuditEntryView } from './audit-messages.ts'
import type { ForecastView } from './directory-messages.ts'
import { shareSchema } from './flag-schemas.ts'
import { type PatchSegment, patchSegmentSchema, type SegmentListView } from './segment-messages.ts'

/** Which changes of what an environment serves others must approve. A kill never needs it. */
export const approvalPolicySchema = z.strictObject({
  /** Switching on and off. */
  switch: z.boolean(),
  /**
   * Rules, prerequisites, what is served; segments that flags of the environment use; and starting a rollout, whose
   * stages are approved with it.
   */
  targeting: z.boolean(),
  /**
   * Raising a share by more than so many percentage points, all that nobody approved within 24 hours together; and
   * starting a rollout with a larger stage. Null: no raise needs approval by itself.
   */
  shareUpBy: z.number().min(0).max(100).nullable(),
  /** How many different people. */
  approvals: z.number().int().min(1).max(10),
  /** Only approvals of these roles count; only they start rollouts that need approval. */
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
})
export type ApprovalPolicy = z.infer<typeof approvalPolicySchema>

export interface ApprovalPolicyView {
  /** Null: nothing needs approval. */
  readonly policy: ApprovalPolicy | null
  /** `default`: nobody has set one, so it follows from the environment's key and the number of people. */
  readonly source: 'set' | 'default'
  /** How many people may approve here. */
  readonly approvers: number
}

/** Null: nothing needs approval, whatever the default says. */
export const putApprovalPolicySchema = z.strictObject({ policy: approvalPolicySchema.nullable() })
export type PutApprovalPolicy = z.infer<typeof putApprovalPolicySchema>

const title = z.string().trim().min(1, 'a title has at least one character').max(200)
const comment = z.string().trim().max(5_000)
const ifVersion = z.number().int().min(0)

/** The change as the direct routes take it: a whole config, on or off, or one rule's share. */
const flagChangeSchema = z.union([
  z.strictObject({ config: flagConfigSchema }),
  z.strictObject({ on: z.boolean() }),
  z.strictObject({ rule: z.string().min(1).max(200), share: shareSchema }),
])
export type RequestedChange =
  | { readonly config: FlagConfig }
  | { readonly on: boolean }
  | { readonly rule: RuleId; readonly share: Share }

/** The parts of a segment that change, as `PATCH` takes them. */
const segmentChangeSchema = z.strictObject({ segment: patchSegmentSchema.omit({ ifUpdatedAt: true }) })
export interface SegmentChange {
  readonly segment: Omit<PatchSegment, 'ifUpdatedAt'>
}

export const createChangeRequestSchema = z.strictObject({
  title,
  comment: comment.exactOptional(),
  change: flagChangeSchema,
  /** The version of the flag from which the change was made; absent: as it is now. */
  ifVersion: ifVersion.exactOptional(),
})
export interface CreateChangeRequest {
  readonly title: string
  readonly comment?: string
  readonly change: RequestedChange
  readonly ifVersion?: number
}

export const createSegmentRequestSchema = z.strictObject({
  title,
  comment: comment.exactOptional(),
  change: segmentChangeSchema,
  /** The segment's `updatedAt` from which the change was made; absent: as it is now. */
  ifUpdatedAt: z.string().max(40).exactOptional(),
})
export interface CreateSegmentRequest {
  readonly title: string
  readonly comment?: string
  readonly change: SegmentChange
  readonly ifUpdatedAt?: string
}

/** A change that is edited starts from what is there now, and needs all approvals anew. */
export const editChangeRequestSchema = z.strictObject({
  title: title.exactOptional(),
  comment: comment.exactOptional(),
  /** Of what the request is about, a flag or a segment. Absent: the same change again. */
  change: z.union([...flagChangeSchema.options, segmentChangeSchema]).exactOptional(),
  ifVersion: ifVersion.exactOptional(),
})
export interface EditChangeRequest {
  readonly title?: string
  readonly comment?: string
  readonly change?: RequestedChange | SegmentChange
  readonly ifVersion?: number
}

/** `revision` is the one that was looked at: nobody approves what was edited meanwhile. */
export const reviewSchema = z.strictObject({
  revision: z.number().int().min(1),
  comment: comment.exactOptional(),
})
export interface Review {
  readonly revision: number
  readonly comment?: string
}

export const rejectSchema = z.strictObject({
  revision: z.number().int().min(1),
  comment: comment.min(1, 'say why, so that it can be mended'),
})

export const commentSchema = z.strictObject({ comment: comment.min(1, 'a comment has at least one character') })

/** Null: it is no longer applied by itself. */
export const scheduleSchema = z.strictObject({
  at: z.iso.datetime({ offset: true, error: 'a time like 2026-03-01T12:00:00Z' }).nullable(),
})

export const applyRequestSchema = z.strictObject({ revision: z.number().int().min(1) })

export const CHANGE_REQUEST_STATUSES = ['open', 'rejected', 'applied', 'cancelled'] as const
export type ChangeRequestStatus = (typeof CHANGE_REQUEST_STATUSES)[number]

export const changeRequestQuerySchema = z.strictObject({
  status: z.enum(CHANGE_REQUEST_STATUSES).exactOptional(),
  flag: z.string().max(100).exactOptional(),
  segment: z.string().max(100).exactOptional(),
  /** Only of flags in this environment. */
  environment: z.string().max(100).exactOptional(),
})
export type ChangeRequestQuery = z.infer<typeof changeRequestQuerySchema>

type Who = AuditEntryView['who']

export interface ReviewView {
  readonly who: Who
  readonly verdict: 'approve' | 'reject' | 'comment'
  readonly comment: string
  readonly revision: number
  readonly at: string
  /** It is of this revision, and by somebody whose approval counts here. */
  readonly counts: boolean
}

interface RequestView {
  readonly id: string
  readonly title: string
  readonly status: ChangeRequestStatus
  /** Grows with each edit. */
  readonly revision: number
  readonly author: Who
  /** Ids of those who wrote on it, the author among them: none of them approves it. */
  readonly writers: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly changes: readonly AuditChange[]
  /** Something was changed since on which this depends: edit the request to start from what is there now. */
  readonly conflict: boolean
  /** Why it needs approval, in words; empty: it does not. */
  readonly reasons: readonly string[]
  /** Where several environments ask, those of the one that lacks most. */
  readonly approvals: { readonly needed: number; readonly given: number; readonly roles: readonly string[] }
  readonly reviews: readonly ReviewView[]
  /** When it is applied by itself, if it is approved then. */
  readonly applyAt: string | null
  /** Why the last try to apply it at its time failed. */
  readonly problem: string | null
  readonly appliedAt: string | null
  readonly appliedBy: Who | null
}

/** A change of a flag in one environment. */
export interface FlagRequestView extends RequestView {
  readonly kind: 'flag'
  readonly flag: string
  readonly environment: string
  /** The config it started from, and the one that would come. */
  readonly before: FlagConfig
  readonly after: FlagConfig
  /** Version of the flag from which the change was made, and the one it has now. */
  readonly baseVersion: number
  readonly currentVersion: number
  /** Ruleset version that it became. */
  readonly appliedVersion: number | null
}

/** Who has approved the start of a rollout, which approves all its stages. */
export interface StartApprovalView {
  readonly who: Who
  readonly role: Role
  readonly note: string | null
  readonly at: string
  /** By somebody whose approval counts, and of the flag as it is now. */
  readonly counts: boolean
}

/** What the start of a rollout waits for. Whoever starts it approves it by that, if their approval counts. */
export interface StartApprovalsView {
  /** 0: it needs no approval. */
  readonly needed: number
  readonly given: number
  readonly roles: readonly Role[]
  readonly approvals: readonly StartApprovalView[]
  /** Why the one who asks can't start it for lack of approvals; null: they can. */
  readonly whyNotStart: string | null
  /** Why the one who asks can't approve it; null: they can. */
  readonly whyNotApprove: string | null
}

/** A segment as requests show it: its lists by their size and first ids. */
export interface SegmentParts {
  readonly name: string
  readonly when?: Condition
  readonly list?: SegmentListView
  readonly exclude?: SegmentListView
}

/** Which ids a list gains and loses. The ids are at most 100 each, and gone when the request is over. */
export interface ListDifference {
  readonly of: 'list' | 'exclude'
  readonly added: number
  readonly removed: number
  readonly addedIds: readonly string[]
  readonly removedIds: readonly string[]
}

/** A change of a segment, in every environment at once. */
export interface SegmentRequestView extends RequestView {
  readonly kind: 'segment'
  readonly segment: SegmentKey
  /** Where approval is asked for, because flags there use it. */
  readonly environments: readonly string[]
  readonly before: SegmentParts
  readonly after: SegmentParts
  readonly lists: readonly ListDifference[]
}

export type ChangeRequestView = FlagRequestView | SegmentRequestView

/** What a change does to those who get a flag somewhere. */
export interface FlagForecast {
  readonly flag: string
  readonly environment: string
  readonly forecast: ForecastView
}

/** Over all flags that a change reaches, directly, through other segments or as prerequisites. */
export interface ChangeForecast {
  readonly flags: readonly FlagForecast[]
  /** How many more flags it reaches that were not looked at. */
  readonly more: number
}
