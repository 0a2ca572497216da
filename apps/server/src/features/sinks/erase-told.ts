import { sql } from 'kysely'
import type { Tx } from '../../kernel/database.ts'
import { selectConnections } from '../connections/index.ts'

/**
 * Deletes what sinks were told about units, and what could not be delivered. Gives the number of rows. What a sink was
 * told stays with it. A delivery that is under way is waited for.
 */
export async function eraseTold(
  tx: Tx,
  { environmentIds, unit, ids }: { environmentIds: readonly string[]; unit: string; ids: readonly string[] },
): Promise<number> {
  const connections = await Promise.all(environmentIds.map(id => selectConnections(tx, id)))
  const own = connections.flat().map(({ id }) => id)
  await sql`select 1 from sink_cursors where connection_id = any(${own}::text[]) order by connection_id for update`.execute(
    tx,
  )
  const told = await sql`delete from sink_assignments
    where connection_id = any(${own}::text[]) and unit = ${unit} and unit_id = any(${ids}::text[])`.execute(tx)
  const undelivered = await sql`delete from sink_dead_letters
    where connection_id = any(${own}::text[]) and assignment ->> 'unit' = ${unit}
      and assignment ->> 'unitId' = any(${ids}::text[])`.execute(tx)
  return Number((told.numAffectedRows ?? 0n) + (undelivered.numAffectedRows ?? 0n))
}
