import { type Json, withoutAttributes } from '@dimmer/engine'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/database.ts'

const PAGE = 5_000

interface Row {
  readonly unit: string
  readonly unit_id: string
  readonly attributes: Readonly<Record<string, Json>>
}

/** The names at which a path can begin: `a.b.c` in `a`, in `a.b` or in `a.b.c`. */
const beginnings = (path: string): readonly string[] =>
  path.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'))

/** Deletes attributes at these dotted paths from the directory. Gives how many entries had one. */
export async function forgetAttributes(tx: Tx, projectId: string, paths: readonly string[]): Promise<number> {
  const names = [...new Set(paths.flatMap(beginnings))]
  let forgotten = 0
  for (let last = { unit: '', unit_id: '' }; ; ) {
    const { rows } = await sql<Row>`
      select unit, unit_id, attributes from directory_units
      where project_id = ${projectId} and (unit, unit_id) > (${last.unit}, ${last.unit_id})
        and jsonb_exists_any(attributes, ${names}::text[])
      order by unit, unit_id limit ${PAGE} for update`.execute(tx)
    const changed = rows.flatMap(row => {
      const attributes = withoutAttributes(row.attributes, paths)
      return JSON.stringify(attributes) === JSON.stringify(row.attributes) ? [] : [{ ...row, attributes }]
    })
    await sql`
      update directory_units d set attributes = r.attributes
      from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as r(unit text, unit_id text, attributes jsonb)
      where d.project_id = ${projectId} and d.unit = r.unit and d.unit_id = r.unit_id`.execute(tx)
    forgotten += changed.length
    const end = rows.at(-1)
    if (end === undefined || rows.length < PAGE) return forgotten
    last = end
  }
}
