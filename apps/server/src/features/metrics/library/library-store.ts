import type { MetricDefinition } from '@dimmer/rollout'
import { type Db, jsonb, type Tx } from '../../../kernel/database.ts'

export interface MetricRow {
  readonly project_id: string
  readonly key: string
  readonly version: number
  readonly definition: MetricDefinition
  readonly at: Date
  /** Of the newest version of a key: since when the library has it no longer. */
  readonly deleted_at: Date | null
}

const tables = (db: Db | Tx) => db.withTables<{ metrics: MetricRow }>()

/** All versions, also of metrics that were deleted: by key, the newest first. */
export const selectMetricRows = (db: Db | Tx, projectId: string): Promise<MetricRow[]> =>
  tables(db)
    .selectFrom('metrics')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('key')
    .orderBy('version', 'desc')
    .execute()

export const insertMetricRow = async (tx: Tx, row: MetricRow): Promise<void> => {
  await tables(tx)
    .insertInto('metrics')
    .values({ ...row, definition: jsonb(row.definition) })
    .execute()
}

export const markDeleted = async (tx: Tx, { project_id, key, version }: MetricRow, at: Date): Promise<void> => {
  await tables(tx)
    .updateTable('metrics')
    .set({ deleted_at: at })
    .where('project_id', '=', project_id)
    .where('key', '=', key)
    .where('version', '=', version)
    .execute()
}
