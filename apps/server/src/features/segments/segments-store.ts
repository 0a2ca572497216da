import type { Segment, SegmentKey } from '@dimmer/engine'
import type { SegmentView } from '@dimmer/protocol'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

export interface SegmentRow {
  readonly project_id: string
  readonly key: SegmentKey
  readonly name: string
  readonly definition: Segment
  readonly created_at: Date
  readonly updated_at: Date
}

type Tables = { segments: SegmentRow }

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const selectSegmentRows = (db: Db | Tx, projectId: string): Promise<SegmentRow[]> =>
  tables(db).selectFrom('segments').selectAll().where('project_id', '=', projectId).orderBy('key').execute()

export const selectSegmentRow = (db: Db | Tx, projectId: string, key: SegmentKey): Promise<SegmentRow | undefined> =>
  tables(db)
    .selectFrom('segments')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst()

/** The segments of a project as the engine wants them. */
export const selectSegments = async (db: Db | Tx, projectId: string): Promise<Readonly<Record<SegmentKey, Segment>>> =>
  Object.fromEntries((await selectSegmentRows(db, projectId)).map(({ key, definition }) => [key, definition]))

export const saveSegment = async (tx: Tx, row: SegmentRow): Promise<SegmentRow> => {
  const definition = jsonb(row.definition)
  return tables(tx)
    .insertInto('segments')
    .values({ ...row, definition })
    .onConflict(conflict =>
      conflict.columns(['project_id', 'key']).doUpdateSet({ name: row.name, definition, updated_at: row.updated_at }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** False if there was no such segment. */
export const deleteSegmentRow = async (tx: Tx, projectId: string, key: SegmentKey): Promise<boolean> => {
  const { numDeletedRows } = await tables(tx)
    .deleteFrom('segments')
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

export const presentSegment = (row: SegmentRow): SegmentView => ({
  ...row.definition,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})
