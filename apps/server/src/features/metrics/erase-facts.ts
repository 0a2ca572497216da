import { sql } from 'kysely'
import type { Tx } from '../../kernel/database.ts'

/** Units of one kind in all environments of a project. */
export interface UnitsOfProject {
  readonly environmentIds: readonly string[]
  readonly unit: string
  readonly ids: readonly string[]
}

/** How many rows there were. */
export interface FactsErased {
  readonly events: number
  readonly exposures: number
  readonly facts: number
}

/**
 * Deletes what happened to units and what was found out about them. Counts that name nobody stay. Facts come last, with
 * their series locked: whoever folds at the same time would bring them back.
 */
export async function eraseFacts(tx: Tx, { environmentIds, unit, ids }: UnitsOfProject): Promise<FactsErased> {
  const count = async (query: ReturnType<typeof sql>) => Number((await query.execute(tx)).numAffectedRows ?? 0)
  const events = await count(sql`
    delete from events where unit_id = any(${ids}::text[]) and kind in (
      select id from event_names where environment_id = any(${environmentIds}::text[]) and unit = ${unit}
    )`)
  const exposures = await count(sql`
    delete from unit_exposures
    where environment_id = any(${environmentIds}::text[]) and unit = ${unit} and unit_id = any(${ids}::text[])`)
  const { rows } = await sql<{ id: number }>`
    select id from fact_series
    where basis::jsonb ->> 0 = any(${environmentIds}::text[]) and basis::jsonb ->> 3 = ${unit}
    order by id for update`.execute(tx)
  const series = rows.map(({ id }) => id)
  const deleteFrom = (table: string) =>
    count(sql`
      delete from ${sql.table(table)} where series = any(${series}::integer[]) and unit_id = any(${ids}::text[])`)
  const facts = await deleteFrom('unit_facts')
  for (const table of ['unit_histories', 'unit_minutes', 'unit_durations']) await deleteFrom(table)
  return { events, exposures, facts }
}
