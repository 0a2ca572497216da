import type { AuditAnchor } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'

/** An entry as it lies in the database. */
export interface JournalRow {
  readonly id: number
  readonly seq: number | null
  readonly previous: string | null
  readonly hash: string | null
  readonly body: string
  readonly details: string | null
  readonly details_salt: string | null
  readonly redaction: string | null
}

type Tables = {
  journal: JournalRow & {
    readonly at: number
    readonly project_id: string | null
    readonly environment: string | null
    readonly flag: string | null
    readonly actor_kind: string
    readonly actor: string
    readonly verb: string
    readonly object_kind: string
    readonly object_key: string
  }
  journal_head: AuditAnchor
}

export const COLUMNS = ['id', 'seq', 'previous', 'hash', 'body', 'details', 'details_salt', 'redaction'] as const

export const journalTables = (db: Db | Tx) => db.withTables<Tables>()

export const selectHead = (db: Db | Tx): Promise<AuditAnchor> =>
  journalTables(db).selectFrom('journal_head').select(['seq', 'hash']).executeTakeFirstOrThrow()

/** The entries behind a place in the chain, in order. */
export const selectChain = (tx: Tx, afterSeq: number, limit: number): Promise<JournalRow[]> =>
  journalTables(tx)
    .selectFrom('journal')
    .select(COLUMNS)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()

/** An entry that has no place in the chain: no transaction leaves one behind. */
export const selectUnchained = (tx: Tx): Promise<{ id: number } | undefined> =>
  journalTables(tx).selectFrom('journal').select('id').where('seq', 'is', null).limit(1).executeTakeFirst()
