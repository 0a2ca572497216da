import type { EventTraffic } from '@dimmer/protocol'
import { sql } from 'kysely'
import type { Db } from '../../../kernel/database.ts'

const MINUTE_MS = 60_000
const LONGEST_MS = 7 * 24 * 60 * MINUTE_MS
const SHORTEST_MS = 10 * MINUTE_MS
/** So many events are looked at, about: enough to plan with, and quickly read. */
const ENOUGH_EVENTS = 100_000

interface Told {
  readonly id: number
  readonly per_minute: number
}

/** An event as it is told of one unit. */
export interface TrafficOf {
  readonly environmentId: string
  readonly event: string
  readonly unit: string
}

/** How much of an event has lately arrived for a unit: of a week, of less where it comes fast. */
export async function selectEventTraffic(
  db: Db,
  { environmentId, event, unit }: TrafficOf,
  now: number,
): Promise<EventTraffic> {
  const known = await sql<Told>`
    select n.id, coalesce((
      select sum(r.count)::float8 / greatest(1, extract(epoch from max(r.minute) - min(r.minute)) / 60 + 1)
      from event_rates r where r.kind = n.id
    ), 0)::float8 as per_minute
    from event_names n
    where n.environment_id = ${environmentId} and n.name = ${event} and n.unit = ${unit} and n.count > 0`.execute(db)
  const [told] = known.rows
  if (told === undefined) return { overMs: 0, units: 0, failingUnits: 0, events: 0 }
  const overMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (ENOUGH_EVENTS / (told.per_minute || 1e-9)) * MINUTE_MS))
  const from = new Date(now - overMs)
  const { rows } = await sql<Omit<EventTraffic, 'overMs'>>`
    select count(distinct unit_id)::int as units, count(*)::int as events,
      (count(distinct unit_id) filter (where not ok))::int as "failingUnits"
    from events
    where kind = ${told.id} and received_on >= (${from}::timestamptz at time zone 'UTC')::date and at >= ${from}`.execute(
    db,
  )
  return { overMs, ...(rows[0] ?? { units: 0, failingUnits: 0, events: 0 }) }
}
