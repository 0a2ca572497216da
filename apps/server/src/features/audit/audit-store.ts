import type { AuditAnchor, AuditQuery } from '@dimmer/protocol'
import { sql } from 'kysely'
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

const COLUMNS = ['id', 'seq', 'previous', 'hash', 'body', 'details', 'details_salt', 'redaction'] as const

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const selectHead = (db: Db | Tx): Promise<AuditAnchor> =>
  tables(db).selectFrom('journal_head').select(['seq', 'hash']).executeTakeFirstOrThrow()

/** The entries behind a place in the chain, in order. */
export const selectChain = (tx: Tx, afterSeq: number, limit: number): Promise<JournalRow[]> =>
  tables(tx).selectFrom('journal').select(COLUMNS).where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute()

/** An entry that has no place in the chain: no transaction leaves one behind. */
export const selectUnchained = (tx: Tx): Promise<{ id: number } | undefined> =>
  tables(tx).selectFrom('journal').select('id').where('seq', 'is', null).limit(1).executeTakeFirst()

/** Which entries: of one project, or all. */
export type AuditScope = { readonly projectId: string } | 'all'

export type AuditFilter = Omit<AuditQuery, 'before' | 'limit'>

const anywhere = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`

/** Entries with a place before `before` that fit, newest first. */
export function selectEntries(
  db: Db | Tx,
  scope: AuditScope,
  { before, limit, ...filter }: AuditFilter & { readonly before?: number; readonly limit: number },
): Promise<JournalRow[]> {
  const { actor, verb, object, flag, environment, from, to, text, flagged } = filter
  return tables(db)
    .selectFrom('journal')
    .select(COLUMNS)
    .where('seq', 'is not', null)
    .$if(scope !== 'all', all => all.where('project_id', '=', scope === 'all' ? null : scope.projectId))
    .$if(before !== undefined, all => all.where('seq', '<', before ?? 0))
    .$if(actor !== undefined, all => all.where('actor', 'ilike', anywhere(actor ?? '')))
    .$if(verb !== undefined, all => all.where('verb', '=', verb ?? ''))
    .$if(object !== undefined, all => all.where('object_kind', '=', object ?? ''))
    .$if(flag !== undefined, all => all.where('flag', '=', flag ?? ''))
    .$if(environment !== undefined, all => all.where('environment', '=', environment ?? ''))
    .$if(from !== undefined, all => all.where('at', '>=', Date.parse(from ?? '')))
    .$if(to !== undefined, all => all.where('at', '<', Date.parse(to ?? '')))
    .$if(flagged === 'any', all => all.where(sql<boolean>`jsonb_exists(body::jsonb, 'flagged')`))
    .$if(flagged !== undefined && flagged !== 'any', all => all.where(sql`body::jsonb ->> 'flagged'`, '=', flagged))
    .$if(text !== undefined, all =>
      all.where(eb => eb.or([eb('body', 'ilike', anywhere(text ?? '')), eb('details', 'ilike', anywhere(text ?? ''))])),
    )
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
}
