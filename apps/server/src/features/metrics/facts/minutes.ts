import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../kernel/database.ts'

/** Minutes of an hour in one stage in which somebody's events have changed: one bit each, as a decimal number. */
export interface TouchedHour {
  readonly begun: number
  readonly hour: Date
  readonly mask: string
}

/** One minute of one stage; times are epoch ms. The active units are weighed by how they were before. */
export interface MinuteNumbers {
  readonly begun: number
  readonly at: number
  readonly failedTreated: number
  readonly failedControl: number
  readonly activeTreated: number
  readonly activeControl: number
}

/** Units of a series whose numbers are dropped: a query for `begun` and `unit_id`. */
export type WhoseNumbers = RawBuilder<unknown>

/** Forgets the minutes of units. Gives the minutes that they were in. */
export async function dropMinutes(tx: Tx, series: number, whose: WhoseNumbers): Promise<readonly TouchedHour[]> {
  const { rows } = await sql<TouchedHour>`
    with gone as (
      delete from unit_minutes m using (${whose}) w
      where m.series = ${series} and m.begun = w.begun and m.unit_id = w.unit_id
      returning m.begun, m.hour, m.active
    )
    select begun, hour, bit_or(active)::text as mask from gone group by begun, hour`.execute(tx)
  return rows
}

/** Counts the touched minutes of each group anew: what was active and failed in them, over all units as they stand now. */
export async function countMinutes(tx: Tx, series: number, touched: readonly TouchedHour[]): Promise<void> {
  if (touched.length === 0) return
  const minutes = sql`
    select distinct t.begun, t.hour, n
    from unnest(${touched.map(({ begun }) => begun)}::integer[], ${touched.map(({ hour }) => hour)}::timestamptz[],
      ${touched.map(({ mask }) => mask)}::bigint[]) as t(begun, hour, mask)
    cross join generate_series(0, 59) as n
    where (t.mask >> n) & 1 = 1`
  await sql`
    delete from minute_facts f using (${minutes}) m
    where f.series = ${series} and f.begun = m.begun and f.minute = m.hour + m.n * interval '1 minute'`.execute(tx)
  await sql`
    with minutes as materialized (${minutes}),
    -- by themselves first, or the planner may look up every hour that each unit ever had
    units as materialized (
      select t.begun, t.hour, u.unit_id, u.active, u.failed
      from (select distinct begun, hour from minutes) t cross join lateral (
        select * from unit_minutes where series = ${series} and begun = t.begun and hour = t.hour offset 0
      ) u
    ),
    hours as materialized (
      select u.begun, u.hour, u.active, u.failed, f.role <> 'control' as treated, coalesce(h.weight, 1000) as weight
      from units u
      join unit_facts f on f.series = ${series} and f.begun = u.begun and f.unit_id = u.unit_id
      left join unit_histories h on h.series = ${series} and h.unit_id = u.unit_id
    )
    insert into minute_facts (series, begun, minute, failed_treated, failed_control, active_treated, active_control)
    select ${series}::integer, m.begun, m.hour + m.n * interval '1 minute',
      count(*) filter (where h.treated and (h.failed >> m.n) & 1 = 1),
      count(*) filter (where not h.treated and (h.failed >> m.n) & 1 = 1),
      coalesce(sum(h.weight) filter (where h.treated), 0),
      coalesce(sum(h.weight) filter (where not h.treated), 0)
    from minutes m join hours h on h.begun = m.begun and h.hour = m.hour and (h.active >> m.n) & 1 = 1
    group by m.begun, m.hour, m.n`.execute(tx)
}

/** The minutes of a series, in order. */
export async function selectMinutes(db: Db, series: number): Promise<readonly MinuteNumbers[]> {
  const { rows } = await sql<MinuteNumbers>`
    select begun, (extract(epoch from minute) * 1000)::float8 as at,
      failed_treated as "failedTreated", failed_control as "failedControl",
      active_treated / 1000::float8 as "activeTreated", active_control / 1000::float8 as "activeControl"
    from minute_facts where series = ${series} order by begun, minute`.execute(db)
  return rows
}
