import { createHash, randomBytes } from 'node:crypto'
import type { AuditFlagged, AuditVerb } from '@dimmer/protocol'
import { type Actor, whoOf } from './actor.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Tx } from './database.ts'

/** One act, as the journal keeps it for ever. */
export interface JournalEntry {
  readonly actor: Actor
  readonly at: Date
  readonly verb: AuditVerb
  /** What it was done to: `{ kind: 'flag', key: 'new-pdf-engine' }`. */
  readonly object: { readonly kind: string; readonly key: string }
  /** Absent: it concerns the whole installation. */
  readonly project?: { readonly id: string; readonly key: string }
  /** Key of the environment. */
  readonly environment?: string
  /** Key of the flag, also where the object is something else. */
  readonly flag?: string
  /** As people should read it; JSON. No attributes of units, no secrets. */
  readonly before?: unknown
  readonly after?: unknown
  /** Why; absent: what the actor gave as the reason, for this or for going past approvals. */
  readonly comment?: string
  /** What must not be overlooked. */
  readonly flagged?: AuditFlagged
  /** Places of earlier entries whose details this act has redacted; `object.key` is the id of the redaction. */
  readonly redacts?: readonly number[]
}

type Tables = { journal: { body: string; details: string | null; details_salt: string | null } }

/** SHA-256, in hex, of an entry's details behind its salt; the salt keeps redacted details from being guessed. */
export const hashDetails = (salt: string, details: string): string =>
  createHash('sha256').update(`${salt}\n${details}`, 'utf8').digest('hex')

/** SHA-256, in hex, of an entry: the hash of the one before, its place in the chain (from 1) and its body. */
export const hashEntry = (previous: string, seq: number, body: string): string =>
  createHash('sha256').update(`${previous}\n${seq}\n${body}`, 'utf8').digest('hex')

const detailsOf = ({ before, after }: JournalEntry): string | undefined =>
  before === undefined && after === undefined ? undefined : canonicalJson({ before, after })

/**
 * Writes down what the transaction does. The entry gets its place in the chain when the transaction commits, in the
 * order of commits, so this can stand anywhere in it.
 */
export async function journal(tx: Tx, entry: JournalEntry): Promise<void> {
  const { actor, at, verb, object, project, environment, flag, flagged, redacts } = entry
  const details = detailsOf(entry)
  const salt = details === undefined ? null : randomBytes(16).toString('hex')
  const body = canonicalJson({
    at: at.getTime(),
    who: whoOf(actor),
    verb,
    object: { kind: object.kind, key: object.key },
    projectId: project?.id,
    project: project?.key,
    environment,
    flag,
    from: actor.origin,
    comment: entry.comment ?? (flagged === 'break-glass' ? actor.breakGlass : undefined) ?? actor.comment,
    flagged,
    redacts,
    details: details === undefined || salt === null ? undefined : hashDetails(salt, details),
  })
  await tx
    .withTables<Tables>()
    .insertInto('journal')
    .values({ body, details: details ?? null, details_salt: salt })
    .execute()
}
