/** Change requests: changes that others approve before they are applied. */
import type { RuleId, Share } from '@dimmer/engine'
import { z } from 'zod'
import { ROLES } from './access-messages.ts'
import { type FlagConfig, flagConfigSchema } from './admin-messages.ts'
import type { AuditChange, AuditEntryView } from './audit-messages.ts'
import { shareSchema } from './flag-schemas.ts'

/** Which changes of flags in an environment others must approve. A kill never needs it. */
export const approvalPolicySchema = z.strictObject({
  /** Switching on and off. */
  switch: z.boolean(),
  /** Rules, prerequisites, what is served; also starting a rollout, whose stages are approved with it. */
  targeting: z.boolean(),
  /** Raising a share by more than so many percentage points; null: no raise needs approval by itself. */
  shareUpBy: z.number().min(0).max(100).nullable(),
  /** How many different people. */
  approvals: z.number().int().min(1).max(10),
  /** Only approvals of these roles count. */
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
const requestedChangeSchema = z.union([
  z.strictObject({ config: flagConfigSchema }),
  z.strictObject({ on: z.boolean() }),
  z.strictObject({ rule: z.string().min(1).max(200), share: shareSchema }),
])
export type RequestedChange =
  | { readonly config: FlagConfig }
  | { readonly on: boolean }
  | { readonly rule: RuleId; readonly share: Share }

export const createChangeRequestSchema = z.strictObject({
  title,
  comment: comment.exactOptional(),
  change: requestedChangeSchema,
  /** The version of the flag from which the change was made; absent: as it is now. */
  ifVersion: ifVersion.exactOptional(),
})
export interface CreateChangeRequest {
  readonly title: string
  readonly comment?: string
  readonly change: RequestedChange
  readonly ifVersion?: number
}

/** A change that is edited needs all approvals anew. */
export const editChangeRequestSchema = z.strictObject({
  title: title.exactOptional(),
  comment: comment.exactOptional(),
  change: requestedChangeSchema,
  ifVersion: ifVersion.exactOptional(),
})
export type EditChangeRequest = Partial<CreateChangeRequest> & Pick<CreateChangeRequest, 'change'>

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

export interface ChangeRequestView {
  readonly id: string
  readonly title: string
  readonly flag: string
  readonly environment: string
  readonly status: ChangeRequestStatus
  /** Grows with each edit. */
  readonly revision: number
  readonly author: Who
  readonly createdAt: string
  readonly updatedAt: string
  /** The config it started from, and the one that would come. */
  readonly before: FlagConfig
  readonly after: FlagConfig
  readonly changes: readonly AuditChange[]
  /** Version of the flag from which the change was made, and the one it has now. */
  readonly baseVersion: number
  readonly currentVersion: number
  /** The flag was changed since: edit the request to start from what is there now. */
  readonly conflict: boolean
  /** Why it needs approval, in words; empty: it does not. */
  readonly reasons: readonly string[]
  readonly approvals: { readonly needed: number; readonly given: number; readonly roles: readonly string[] }
  readonly reviews: readonly ReviewView[]
  /** When it is applied by itself, if it is approved then. */
  readonly applyAt: string | null
  /** Why the last try to apply it at its time failed. */
  readonly problem: string | null
  readonly appliedAt: string | null
  readonly appliedBy: Who | null
  /** Ruleset version that it became. */
  readonly appliedVersion: number | null
}
