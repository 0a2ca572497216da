import type { Condition, Segment, SegmentKey, UnitName } from '@dimmer/engine'
import { sql } from 'kysely'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

/** A segment without the ids of its lists: these stand in columns of their own, and may be a million. */
export interface SegmentDefinition {
  readonly key: SegmentKey
  readonly when?: Condition
  readonly list?: { readonly unit: UnitName }
  readonly exclude?: { readonly unit: UnitName }
}

export type ListName = 'list' | 'exclude'

export interface SegmentRow {
  readonly project_id: string
  readonly key: SegmentKey
  readonly name: string
  readonly definition: SegmentDefinition
  readonly created_at: Date
  readonly updated_at: Date
  readonly list_count: number
  readonly list_sample: readonly string[]
  readonly list_digest: string | null
  readonly exclude_count: number
  readonly exclude_sample: readonly string[]
  readonly exclude_digest: string | null
}

/** What is written; the rest follows from it. */
export interface NewSegmentRow
  extends Pick<SegmentRow, 'project_id' | 'key' | 'name' | 'definition' | 'created_at' | 'updated_at'> {
  readonly list_ids: readonly string[] | null
  readonly exclude_ids: readonly string[] | null
}

type Tables = { segments: SegmentRow & Pick<NewSegmentRow, 'list_ids' | 'exclude_ids'> }

const tables = (db: Db | Tx) => db.withTables<Tables>()

const WITHOUT_IDS = [
  'project_id',
  'key',
  'name',
  'definition',
  'created_at',
  'updated_at',
  'list_count',
  'list_sample',
  'list_digest',
  'exclude_count',
  'exclude_sample',
  'exclude_digest',
] as const

export const selectSegmentRows = (db: Db | Tx, projectId: string): Promise<SegmentRow[]> =>
  tables(db).selectFrom('segments').select(WITHOUT_IDS).where('project_id', '=', projectId).orderBy('key').execute()

export const selectSegmentRow = (db: Db | Tx, projectId: string, key: SegmentKey): Promise<SegmentRow | undefined> =>
  tables(db)
    .selectFrom('segments')
    .select(WITHOUT_IDS)
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst()

/** The keys of the segments that list one of these ids. */
export async function selectSegmentsListing(
  tx: Tx,
  projectId: string,
  ids: readonly string[],
): Promise<readonly SegmentKey[]> {
  const { rows } = await sql<{ key: SegmentKey }>`
    select key from segments where project_id = ${projectId}
      and (jsonb_exists_any(list_ids, ${ids}::text[]) or jsonb_exists_any(exclude_ids, ${ids}::text[]))`.execute(tx)
  return rows.map(({ key }) => key)
}

type Ids = Pick<NewSegmentRow, 'list_ids' | 'exclude_ids'>
type Segments = Readonly<Record<SegmentKey, Segment>>

/** The segment as the engine wants it. */
export function segmentOf({ list, exclude, ...rest }: SegmentDefinition, ids: Ids): Segment {
  return {
    ...rest,
    ...(list && { list: { ...list, ids: ids.list_ids ?? [] } }),
    ...(exclude && { exclude: { ...exclude, ids: ids.exclude_ids ?? [] } }),
  }
}

/** The segments of a project with all their ids. */
export const selectSegments = async (db: Db | Tx, projectId: string): Promise<Segments> => {
  const rows = await tables(db)
    .selectFrom('segments')
    .select(['key', 'definition', 'list_ids', 'exclude_ids'])
    .where('project_id', '=', projectId)
    .orderBy('key')
    .execute()
  return Object.fromEntries(rows.map(row => [row.key, segmentOf(row.definition, row)]))
}

/** The segments of a project with empty lists: enough to see whether a ruleset makes sense. */
export const selectSegmentShapes = async (db: Db | Tx, projectId: string): Promise<Segments> => {
  const rows = await selectSegmentRows(db, projectId)
  return Object.fromEntries(
    rows.map(({ key, definition }) => [key, segmentOf(definition, { list_ids: [], exclude_ids: [] })]),
  )
}

/** The ids of one segment's lists; undefined if there is no such segment. */
export const selectIds = (db: Db | Tx, projectId: string, key: SegmentKey): Promise<Ids | undefined> =>
  tables(db)
    .selectFrom('segments')
    .select(['list_ids', 'exclude_ids'])
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst()

/** The shapes, with the ids of those that are needed. */
export async function withIds(
  db: Db | Tx,
  projectId: string,
  { shapes, needed }: { readonly shapes: Segments; readonly needed: ReadonlySet<SegmentKey> },
): Promise<Segments> {
  const keys = [...needed].filter(key => Object.hasOwn(shapes, key))
  if (keys.length === 0) return shapes
  const rows = await tables(db)
    .selectFrom('segments')
    .select(['key', 'definition', 'list_ids', 'exclude_ids'])
    .where('project_id', '=', projectId)
    .where('key', 'in', keys)
    .execute()
  return { ...shapes, ...Object.fromEntries(rows.map(row => [row.key, segmentOf(row.definition, row)])) }
}

/** Some ids of a list, in its order. */
export async function selectIdsPart(
  db: Db,
  place: { readonly projectId: string; readonly key: SegmentKey },
  part: { readonly of: ListName; readonly offset: number; readonly limit: number },
): Promise<readonly string[]> {
  const column = sql.ref(part.of === 'list' ? 'list_ids' : 'exclude_ids')
  const range = `$[${part.offset} to ${part.offset + part.limit - 1}]`
  const { rows } = await sql<{ ids: readonly string[] | null }>`
    select jsonb_path_query_array(${column}, ${range}::jsonpath) as ids
    from segments where project_id = ${place.projectId} and key = ${place.key}`.execute(db)
  return rows[0]?.ids ?? []
}

export const saveSegment = async (tx: Tx, row: NewSegmentRow): Promise<SegmentRow> => {
  const changing = {
    name: row.name,
    definition: jsonb(row.definition),
    list_ids: row.list_ids === null ? null : jsonb(row.list_ids),
    exclude_ids: row.exclude_ids === null ? null : jsonb(row.exclude_ids),
    updated_at: row.updated_at,
  }
  const { project_id, key, created_at } = row
  return (
    tx
      .withTables<{ segments: NewSegmentRow & SegmentRow }>()
      .insertInto('segments')
      // The other columns follow from these.
      .values({ project_id, key, created_at, ...changing } as never)
      .onConflict(conflict => conflict.columns(['project_id', 'key']).doUpdateSet(changing))
      .returning(WITHOUT_IDS)
      .executeTakeFirstOrThrow()
  )
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
