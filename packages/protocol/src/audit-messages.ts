/** The audit log: who did what, to what, when, from where and why. */
import { z } from 'zod'

/** What can be done, as the audit log names it. */
export const AUDIT_VERBS = [
  'abort',
  'apply',
  'approve',
  'archive',
  'cancel',
  'change',
  'comment',
  'complete',
  'create',
  'delete',
  'disable',
  'edit',
  'enable',
  'erase',
  'expand',
  'hold',
  'invite',
  'kill',
  'pause',
  'reject',
  'request',
  'resume',
  'retire',
  'revoke',
  'roll-back',
  'schedule',
  'share',
  'sign-in',
  'sign-out',
  'start',
  'switch-off',
  'switch-on',
  'upload',
] as const
export type AuditVerb = (typeof AUDIT_VERBS)[number]

/** Request headers that say why, as percent-encoded UTF-8. They can come with every change. */
export const REASON_HEADERS = {
  /** For the audit log. */
  comment: 'dimmer-comment',
  /** Goes past the approvals that the change needs, and says why. */
  breakGlass: 'dimmer-break-glass',
} as const

/** Why an entry stands out: a flag was killed, or a person went past the approvals. */
export type AuditFlagged = 'kill' | 'break-glass'

/** The end of the chain at some moment. Kept elsewhere, it shows later whether the journal was rewritten since. */
export interface AuditAnchor {
  readonly seq: number
  /** SHA-256 in hex; 64 zeros before the first entry. */
  readonly hash: string
}

/** What is wrong with the chain, at its first broken place. */
export interface AuditProblem {
  /** The entry at which it shows. */
  readonly seq: number
  readonly kind: 'changed' | 'missing' | 'inserted' | 'cut-off' | 'details-changed' | 'details-missing' | 'rewritten'
  readonly message: string
}

export interface AuditVerification {
  readonly intact: boolean
  /** How many entries were checked. */
  readonly entries: number
  /** Entries of which something was taken out when a person was erased. */
  readonly redacted: number
  readonly head: AuditAnchor
  readonly verifiedAt: string
  readonly problem: AuditProblem | null
}

export const auditVerifyQuerySchema = z
  .strictObject({
    seq: z.coerce.number().int().min(0).exactOptional(),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'a hash is 64 hexadecimal digits')
      .exactOptional(),
  })
  .refine(({ seq, hash }) => (seq === undefined) === (hash === undefined), 'seq and hash come together')

const instant = z.iso.datetime({ offset: true, error: 'a time like 2026-03-01T12:00:00Z' })

export const auditQuerySchema = z.strictObject({
  /** Part of a name of who did it. */
  actor: z.string().min(1).max(200).exactOptional(),
  verb: z.enum(AUDIT_VERBS).exactOptional(),
  /** Kind of object: flag, segment, rollout, sdk-key, project ... */
  object: z.string().min(1).max(100).exactOptional(),
  flag: z.string().min(1).max(100).exactOptional(),
  environment: z.string().min(1).max(100).exactOptional(),
  from: instant.exactOptional(),
  /** Up to, not including. */
  to: instant.exactOptional(),
  /** Anywhere in an entry. */
  text: z.string().min(1).max(200).exactOptional(),
  /** Only what must not be overlooked: kills, and acts that went past approvals. */
  flagged: z.enum(['kill', 'break-glass', 'any']).exactOptional(),
  /** Entries before this place in the chain: `next` of the page before. */
  before: z.coerce.number().int().min(1).exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type AuditQuery = z.infer<typeof auditQuerySchema>

/** What a client may ask for. */
export type AuditSearch = Partial<AuditQuery>

/** One place in which before and after differ. `path` uses dots; members of lists are named by their id. */
export interface AuditChange {
  readonly path: string
  /** Absent: it was not there. */
  readonly before?: unknown
  /** Absent: it is gone. */
  readonly after?: unknown
}

export interface AuditEntryView {
  /** Place in the chain, from 1. */
  readonly seq: number
  readonly at: string
  readonly who: {
    readonly kind: 'person' | 'key' | 'controller'
    readonly id: string
    readonly name: string
    /** Whom a key acts for. */
    readonly person?: { readonly id: string; readonly name: string }
  }
  readonly verb: AuditVerb
  readonly object: { readonly kind: string; readonly key: string }
  /** Absent: it concerns the whole installation. */
  readonly project?: string
  readonly environment?: string
  readonly flag?: string
  readonly from?: { readonly ip: string; readonly userAgent?: string }
  readonly comment?: string
  readonly flagged?: AuditFlagged
  readonly changes: readonly AuditChange[]
  /** Something was taken out of the changes when a person was erased. */
  readonly redacted: boolean
  readonly hash: string
}

/** Newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntryView[]
  /** For `before`; null: this is the last page. */
  readonly next: number | null
}
