import { sql } from 'kysely'
import type { Db, Tx } from '../../kernel/database.ts'
import type { PersonRow } from './people-store.ts'

export interface SessionRow {
  readonly id: string
  readonly person_id: string
  readonly token_hash: Buffer
  readonly ip: string
  readonly user_agent: string | null
  readonly created_at: Date
  readonly last_used_at: Date
  readonly expires_at: Date
}

type Tables = { sessions: SessionRow; people: PersonRow }

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const insertSession = async (tx: Tx, row: SessionRow): Promise<void> => {
  await tables(tx).insertInto('sessions').values(row).execute()
  await noteSeen(tx, row.person_id, row.last_used_at)
}

const noteSeen = async (db: Db | Tx, personId: string, at: Date): Promise<void> => {
  await tables(db).updateTable('people').set({ last_seen_at: at }).where('id', '=', personId).execute()
}

export type FoundSession = PersonRow & {
  readonly session_id: string
  readonly last_used_at: Date
  readonly expires_at: Date
}

/** A session with its person. Whether it is still good is the caller's to say. */
export const selectSessionByHash = (db: Db, hash: Buffer): Promise<FoundSession | undefined> =>
  tables(db)
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person_id')
    .selectAll('people')
    .select(['sessions.id as session_id', 'sessions.last_used_at', 'sessions.expires_at'])
    .where('token_hash', '=', hash)
    .where('people.disabled_at', 'is', null)
    .executeTakeFirst()

export const touchSession = async (db: Db, session: { id: string; personId: string }, at: Date): Promise<void> => {
  await tables(db).updateTable('sessions').set({ last_used_at: at }).where('id', '=', session.id).execute()
  await noteSeen(db, session.personId, at)
}

export const selectSessions = (db: Db, personId: string): Promise<SessionRow[]> =>
  tables(db)
    .selectFrom('sessions')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('last_used_at', 'desc')
    .execute()

export const deleteSession = async (tx: Tx, personId: string, id: string): Promise<boolean> => {
  const done = await tables(tx)
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return done.numDeletedRows > 0n
}

export const deleteSessionByHash = async (tx: Tx, hash: Buffer): Promise<void> => {
  await tables(tx).deleteFrom('sessions').where('token_hash', '=', hash).execute()
}

/** Ends all sessions of a person. */
export const deleteSessions = async (tx: Tx, personId: string): Promise<void> => {
  await tables(tx).deleteFrom('sessions').where('person_id', '=', personId).execute()
}

export const deleteOldSessions = async (db: Db, now: Date, idleSince: Date): Promise<void> => {
  await tables(db)
    .deleteFrom('sessions')
    .where(eb => eb.or([eb('expires_at', '<', now), eb('last_used_at', '<', idleSince)]))
    .execute()
}

/** Which of these sessions and personal keys still hold with the rights that they had; each is "id:rights version". */
export const selectHolding = async (db: Db, ids: readonly string[], now: Date): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ label: string }>`
    select s.id || ':' || p.rights_version as label
      from sessions s join people p on p.id = s.person_id where s.id = any(${ids}) and s.expires_at > ${now}
        and p.disabled_at is null
    union all
    select k.id || ':' || p.rights_version
      from personal_keys k join people p on p.id = k.person_id
      where k.id = any(${ids}) and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})
        and p.disabled_at is null`.execute(db)
  return new Set(rows.map(({ label }) => label))
}
