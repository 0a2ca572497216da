import { sql } from 'kysely'
import type { Db, Tx } from '../../kernel/database.ts'

/** That a unit was first served a variant by some version of the flag. */
export interface Assignment {
  /** Number of the commit that brought it. */
  readonly seq: number
  readonly flag: string
  readonly variant: string
  readonly unit: string
  readonly unitId: string
  readonly at: Date
}

/** First exposures in an environment by the order in which they arrived: about `atLeast` of them, and all of one commit. */
export async function selectAssignments(
  db: Db | Tx,
  environmentId: string,
  range: { readonly after: number; readonly until: number; readonly atLeast: number },
): Promise<Assignment[]> {
  const { rows } = await sql<Assignment>`
    select seq, flag_key as flag, variant, unit, unit_id as "unitId", first_at as at
    from unit_exposures
    where environment_id = ${environmentId} and seq > ${range.after} and seq <= ${range.until}
    order by seq
    fetch first ${sql.lit(range.atLeast)} rows with ties`.execute(db)
  return rows
}
