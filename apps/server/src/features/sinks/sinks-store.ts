import type { UndeliveredView } from '@dimmer/protocol'
import { sql } from 'kysely'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'
import { newId } from '../../kernel/ids.ts'
import type { Told } from './sink-messages.ts'

interface Cursor {
  readonly connection_id: string
  readonly seq: number
  readonly failures: number
  readonly not_before: Date | null
}

interface DeadLetter {
  readonly id: string
  readonly connection_id: string
  readonly at: Date
  readonly reason: string
  readonly assignment: Told
}

type Tables = {
  sink_cursors: Cursor
  sink_dead_letters: DeadLetter
  sink_assignments: {
    connection_id: string
    flag_key: string
    unit: string
    unit_id: string
    variant: string
    at: Date
  }
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

/** The cursor of a sink, locked until the transaction ends; undefined: another node works on it, or it is not due. */
export async function lockCursor(tx: Tx, connectionId: string, now: Date): Promise<Cursor | undefined> {
  await tables(tx)
    .insertInto('sink_cursors')
    .values({ connection_id: connectionId, seq: 0, failures: 0, not_before: null })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return tables(tx)
    .selectFrom('sink_cursors')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where(eb => eb.or([eb('not_before', 'is', null), eb('not_before', '<=', now)]))
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

export const saveCursor = async (tx: Tx, { connection_id, ...cursor }: Cursor): Promise<void> => {
  await tables(tx).updateTable('sink_cursors').set(cursor).where('connection_id', '=', connection_id).execute()
}

/** What a sink knows about these units and flags, by `keyOf`. */
export async function selectKnown(
  tx: Tx,
  connectionId: string,
  of: readonly Pick<Told, 'flag' | 'unit' | 'unitId'>[],
): Promise<Map<string, { readonly variant: string; readonly at: number }>> {
  const { rows } = await sql<{ flag: string; unit: string; unit_id: string; variant: string; at: Date }>`
    select s.flag_key as flag, s.unit, s.unit_id, s.variant, s.at
    from unnest(${of.map(one => one.flag)}::text[], ${of.map(one => one.unit)}::text[],
      ${of.map(one => one.unitId)}::text[]) as asked(flag_key, unit, unit_id)
    join sink_assignments s using (flag_key, unit, unit_id)
    where s.connection_id = ${connectionId}`.execute(tx)
  return new Map(
    rows.map(row => [
      keyOf({ flag: row.flag, unit: row.unit, unitId: row.unit_id }),
      { variant: row.variant, at: row.at.getTime() },
    ]),
  )
}

export const keyOf = ({ flag, unit, unitId }: Pick<Told, 'flag' | 'unit' | 'unitId'>): string =>
  `${flag}\n${unit}\n${unitId}`

/** Remembers what a sink was told; of several about one unit and flag, the last. */
export async function saveKnown(tx: Tx, connectionId: string, told: readonly Told[]): Promise<void> {
  const last = [...new Map(told.map(one => [keyOf(one), one])).values()]
  if (last.length === 0) return
  await sql`
    insert into sink_assignments (connection_id, flag_key, unit, unit_id, variant, at)
    select ${connectionId}, r.* from unnest(
      ${last.map(one => one.flag)}::text[], ${last.map(one => one.unit)}::text[], ${last.map(one => one.unitId)}::text[],
      ${last.map(one => one.variant)}::text[], ${last.map(one => new Date(one.at))}::timestamptz[]
    ) r
    on conflict (connection_id, flag_key, unit, unit_id) do update set variant = excluded.variant, at = excluded.at`.execute(
    tx,
  )
}

/** Keeps what will never be taken. */
export async function insertDeadLetters(
  tx: Tx,
  connectionId: string,
  at: Date,
  refused: readonly { readonly told: Told; readonly reason: string }[],
): Promise<void> {
  if (refused.length === 0) return
  const rows = refused.map(({ told, reason }) => ({
    id: newId(),
    connection_id: connectionId,
    at,
    reason,
    assignment: jsonb(told),
  }))
  await tables(tx).insertInto('sink_dead_letters').values(rows).execute()
}

/** The oldest that could not be delivered, at most `limit`. */
export const selectDeadLetters = (db: Db | Tx, connectionId: string, limit: number): Promise<DeadLetter[]> =>
  tables(db)
    .selectFrom('sink_dead_letters')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute()

export const deleteDeadLetters = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await tables(tx).deleteFrom('sink_dead_letters').where('id', 'in', ids).execute()
}

export const viewDeadLetter = ({ id, at, reason, assignment }: DeadLetter): UndeliveredView => ({
  id,
  at: at.toISOString(),
  reason,
  flag: assignment.flag,
  variant: assignment.variant,
  unit: assignment.unit,
  unitId: assignment.unitId,
})
