import { historyWeight } from '@dimmer/stats'
import { sql } from 'kysely'
import type { Db } from '../../../kernel/database.ts'
import { type Folding, sumOf } from './fold-events.ts'

/** What a series knows of the time before its first stage: failed per active minute of all units; or how their sums were. */
export interface SeriesHistory {
  readonly rate?: number
  readonly sums?: { readonly mean: number; readonly sd: number; readonly p99: number }
}

/** One unit as it was before. */
interface UnitBefore {
  readonly unitId: string
  readonly active: number
  readonly failed: number
  readonly total: number
}

const DAY_MS = 86_400_000
/** More events than this are not looked back at: the first look would take seconds. */
const MOST_EVENTS = 1_000_000

/** When the look back at minutes begins: a day before the first stage, or where that would be too many events, later. */
async function minutesBeginAt({ tx, kinds }: Folding, startedAt: number): Promise<Date> {
  const earliest = startedAt - DAY_MS
  const { rows } = await sql<{ minute: Date }>`
    select minute from (
      select minute, sum(count) over (order by minute desc) as events
      from event_rates
      where kind = ${kinds.of}::integer and minute >= ${new Date(earliest)} and minute < ${new Date(startedAt)}
    ) counted
    where events > ${MOST_EVENTS} order by minute desc limit 1`.execute(tx)
  return new Date(Math.max(earliest, rows[0]?.minute.getTime() ?? earliest))
}

export async function selectHistory(db: Db, series: number): Promise<SeriesHistory> {
  const { rows } = await sql<{ history: SeriesHistory | null }>`
    select history from fact_series where id = ${series}`.execute(db)
  return rows[0]?.history ?? {}
}

const selectBefore = async (db: Db, series: number): Promise<readonly UnitBefore[]> => {
  const { rows } = await sql<UnitBefore>`
    select unit_id as "unitId", active_minutes as active, failed_minutes as failed, total::float8
    from unit_histories where series = ${series} order by unit_id`.execute(db)
  return rows
}

async function takeMinutes(folding: Folding, startedAt: number, upTo: number): Promise<SeriesHistory> {
  const { tx, series, kinds } = folding
  const from = await minutesBeginAt(folding, startedAt)
  await sql`
    insert into unit_histories (series, unit_id, active_minutes, failed_minutes)
    select ${series}::integer, unit_id, count(*), count(*) filter (where failed)
    from (
      select unit_id, date_bin('1 minute', at, timestamptz 'epoch') as minute, bool_or(not ok) as failed
      from events
      where kind = ${kinds.of}::integer and received_on >= (${from}::timestamptz at time zone 'UTC')::date
        and at >= ${from} and at < ${new Date(startedAt)} and seq <= ${upTo}
      group by 1, 2
    ) minutes
    group by unit_id`.execute(tx)
  const units = await selectBefore(tx, series)
  const sum = (amount: (unit: UnitBefore) => number) => units.reduce((all, unit) => all + amount(unit), 0)
  const rate = sum(({ failed }) => failed) / sum(({ active }) => active)
  if (!(rate > 0)) return {}
  const weights = units.map(unit => Math.max(1, Math.round(1_000 * historyWeight(unit, rate))))
  await sql`
    update unit_histories h set weight = w.weight
    from unnest(${units.map(({ unitId }) => unitId)}::text[], ${weights}::integer[]) as w(unit_id, weight)
    where h.series = ${series} and h.unit_id = w.unit_id`.execute(tx)
  return { rate }
}

/** Mean, spread and upper end of the sums, of units that had any. */
function spreadOf(totals: readonly number[]): Required<SeriesHistory>['sums'] {
  const sorted = totals.toSorted((a, b) => a - b)
  const mean = sorted.reduce((sum, total) => sum + total, 0) / sorted.length
  const variance = sorted.reduce((sum, total) => sum + (total - mean) ** 2, 0) / sorted.length
  return { mean, sd: Math.sqrt(variance), p99: sorted[Math.ceil(0.99 * sorted.length) - 1] ?? mean }
}

async function takeSums(folding: Folding, startedAt: number, upTo: number): Promise<SeriesHistory> {
  const { tx, series, kinds, subject } = folding
  const { of, per, withinMs } = subject.measure
  const from = new Date(startedAt - (withinMs ?? DAY_MS))
  const events = sql`
    from events e
    where e.kind = any(${[kinds.of, kinds.per].filter(kind => kind !== null)}::integer[])
      and e.received_on >= (${from}::timestamptz at time zone 'UTC')::date
      and e.at >= ${from} and e.at < ${new Date(startedAt)} and e.seq <= ${upTo}`
  const many = await sql`select 1 ${events} offset ${MOST_EVENTS} limit 1`.execute(tx)
  if (many.rows.length > 0) return {}
  await sql`
    insert into unit_histories (series, unit_id, total, per)
    select ${series}::integer, unit_id, ${sumOf(kinds.of, of.field)}, ${sumOf(kinds.per, per?.field)} ${events}
    group by unit_id`.execute(tx)
  const units = await selectBefore(tx, series)
  return units.length === 0 ? {} : { sums: spreadOf(units.map(({ total }) => total)) }
}

/**
 * Looks back, once, at what had arrived of the time before the first stage when the series began. What arrives of that time
 * later changes nothing: weights that are fixed beforehand cannot depend on what the new variant does.
 */
export async function takeHistory(folding: Folding, upTo: number): Promise<SeriesHistory> {
  const { measure, stages } = folding.subject
  const startedAt = stages[0]?.startedAt
  if (startedAt === undefined || folding.kinds.of === null) return {}
  if (measure.minutes) return takeMinutes(folding, startedAt, upTo)
  return measure.sumsBefore ? takeSums(folding, startedAt, upTo) : {}
}
