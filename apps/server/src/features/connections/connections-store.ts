import type { ConnectionKind, ConnectionSettings } from '@dimmer/protocol'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

export interface ConnectionRow {
  readonly id: string
  readonly environment_id: string
  readonly key: string
  readonly kind: ConnectionKind
  readonly name: string
  readonly settings: ConnectionSettings
  readonly secret: Buffer | null
  readonly created_at: Date
  readonly passed: number
  readonly refused: number
  readonly last_passed_at: Date | null
  readonly last_problem_at: Date | null
  readonly last_problem: string | null
}

type Tables = { connections: ConnectionRow }

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const insertConnection = (tx: Tx, row: ConnectionRow): Promise<ConnectionRow> =>
  tables(tx)
    .insertInto('connections')
    .values({ ...row, settings: jsonb(row.settings) })
    .returningAll()
    .executeTakeFirstOrThrow()

export const selectConnections = (db: Db | Tx, environmentId: string): Promise<ConnectionRow[]> =>
  tables(db).selectFrom('connections').selectAll().where('environment_id', '=', environmentId).orderBy('key').execute()

/** All connections of some kinds, in every project. */
export const selectConnectionsOfKind = (db: Db, kinds: readonly ConnectionKind[]): Promise<ConnectionRow[]> =>
  tables(db).selectFrom('connections').selectAll().where('kind', 'in', kinds).orderBy('id').execute()

export const selectConnection = (db: Db | Tx, environmentId: string, key: string): Promise<ConnectionRow | undefined> =>
  tables(db)
    .selectFrom('connections')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('key', '=', key)
    .executeTakeFirst()

export const selectConnectionById = (db: Db, id: string): Promise<ConnectionRow | undefined> =>
  tables(db).selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst()

export const deleteConnectionRow = async (tx: Tx, id: string): Promise<void> => {
  await tables(tx).deleteFrom('connections').where('id', '=', id).execute()
}

/** What happened since: how much passed, how much was refused, and the last problem. */
export interface Happened {
  readonly at: Date
  readonly passed?: number
  readonly refused?: number
  /** For people; no secrets. */
  readonly problem?: string
}

export const noteHealth = async (db: Db | Tx, id: string, happened: Happened): Promise<void> => {
  const { at, passed = 0, refused = 0, problem } = happened
  await tables(db)
    .updateTable('connections')
    .set(eb => ({
      passed: eb('passed', '+', passed),
      refused: eb('refused', '+', refused),
      ...(passed > 0 && { last_passed_at: at }),
      ...(problem !== undefined && { last_problem_at: at, last_problem: problem.slice(0, 500) }),
    }))
    .where('id', '=', id)
    .execute()
}
