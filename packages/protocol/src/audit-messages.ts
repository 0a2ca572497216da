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
  'complete',
  'create',
  'delete',
  'edit',
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
