import { sql } from 'kysely'
import type { Db } from '../../kernel/database.ts'

/** Which attribute of which units; `attribute` is a dotted path. */
export interface AttributeRequest {
  readonly projectId: string
  readonly unit: string
  readonly unitIds: readonly string[]
  readonly attribute: string
}

/** What the directory says of each unit, as text; units without the attribute, or with a list or object, are left out. */
export async function attributeOfUnits(db: Db, request: AttributeRequest): Promise<ReadonlyMap<string, string>> {
  const { projectId, unit, unitIds, attribute } = request
  const path = attribute.split('.')
  const { rows } = await sql<{ id: string; value: string }>`
    select unit_id as id, attributes #>> ${path}::text[] as value
    from directory_units
    where project_id = ${projectId} and unit = ${unit} and unit_id = any(${unitIds}::text[])
      and jsonb_typeof(attributes #> ${path}::text[]) in ('string', 'number', 'boolean')`.execute(db)
  return new Map(rows.map(({ id, value }) => [id, value]))
}
