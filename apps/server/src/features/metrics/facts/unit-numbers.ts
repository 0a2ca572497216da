import { sql } from 'kysely'
import type { Db } from '../../../kernel/database.ts'

/** One unit as it stands in one stage, and what happened to it there. Times are epoch ms. */
export interface UnitNumbers {
  /** Which of the stages begun, from 0. */
  readonly begun: number
  readonly unitId: string
  readonly variant: string
  readonly role: 'treated' | 'control' | 'before' | 'crossed'
  readonly enteredAt: number
  /** When something else took the unit over; Infinity: nothing did. */
  readonly leftAt: number
  readonly events: number
  readonly failures: number
  readonly slow: number
  readonly total: number
  readonly per: number
  readonly firstAt: number | null
  readonly secondAt: number | null
  readonly firstFailureAt: number | null
  readonly failureRunAt: number | null
}

/** Times as numbers already in the query: making a Date of each would take longer than all the rest. */
const ms = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`

/** The numbers of a series, units in the order in which they entered. */
export async function selectUnitNumbers(db: Db, series: number): Promise<readonly UnitNumbers[]> {
  const { rows } = await sql<UnitNumbers>`
    select begun, unit_id as "unitId", variant, role, ${ms('entered_at')} as "enteredAt", ${ms('left_at')} as "leftAt",
      events::float8, failures::float8, slow::float8, total::float8, per::float8,
      ${ms('first_at')} as "firstAt", ${ms('second_at')} as "secondAt",
      ${ms('first_failure_at')} as "firstFailureAt", ${ms('failure_run_at')} as "failureRunAt"
    from unit_facts where series = ${series} order by begun, entered_at, unit_id`.execute(db)
  return rows
}
