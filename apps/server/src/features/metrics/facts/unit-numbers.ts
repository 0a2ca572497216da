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
  readonly activeMinutes: number
  readonly failedMinutes: number
  /** How it was before the first stage, where the series looked back; all 0: nothing was seen of it. */
  readonly before: UnitBefore
}

export interface UnitBefore {
  readonly active: number
  readonly failed: number
  readonly total: number
  readonly per: number
}

type Row = Omit<UnitNumbers, 'before'> & {
  readonly activeBefore: number
  readonly failedBefore: number
  readonly totalBefore: number
  readonly perBefore: number
}

/** Times as numbers already in the query: making a Date of each would take longer than all the rest. */
const ms = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`

/** The numbers of a series, units in the order in which they entered. */
export async function selectUnitNumbers(db: Db, series: number): Promise<readonly UnitNumbers[]> {
  const { rows } = await sql<Row>`
    select f.begun, f.unit_id as "unitId", f.variant, f.role, ${ms('f.entered_at')} as "enteredAt",
      ${ms('f.left_at')} as "leftAt", f.events::float8, f.failures::float8, f.slow::float8, f.total::float8, f.per::float8,
      ${ms('f.first_at')} as "firstAt", ${ms('f.second_at')} as "secondAt",
      ${ms('f.first_failure_at')} as "firstFailureAt", ${ms('f.failure_run_at')} as "failureRunAt",
      f.active_minutes as "activeMinutes", f.failed_minutes as "failedMinutes",
      coalesce(h.active_minutes, 0) as "activeBefore", coalesce(h.failed_minutes, 0) as "failedBefore",
      coalesce(h.total, 0)::float8 as "totalBefore", coalesce(h.per, 0)::float8 as "perBefore"
    from unit_facts f left join unit_histories h on h.series = f.series and h.unit_id = f.unit_id
    where f.series = ${series} order by f.begun, f.entered_at, f.unit_id`.execute(db)
  return rows.map(({ activeBefore: active, failedBefore: failed, totalBefore: total, perBefore: per, ...unit }) => ({
    ...unit,
    before: { active, failed, total, per },
  }))
}
