import type { DroppedEvents, EventHealth, EventNameHealth } from '@dimmer/protocol'
import { sql } from 'kysely'
import type { Db } from '../../kernel/database.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Whole minutes over which a rate is taken. */
const RATE_MINUTES = 5

type Row<T> = Omit<T, 'lastAt'> & { readonly last_at: Date }

const present = <T>({ last_at, ...rest }: Row<T>) => ({ ...rest, lastAt: last_at.toISOString() })

/** Which events have arrived in an environment, how fast they come, and what was lost. */
export async function selectEventHealth(db: Db, environmentId: string, now: number): Promise<EventHealth> {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const names = await sql<Row<EventNameHealth>>`
    select n.name, n.unit, n.last_at, n.count, coalesce(rate.count, 0)::float8 / ${RATE_MINUTES} as "perMinute"
    from event_names n left join lateral (
      select sum(count) as count from event_rates
      where kind = n.id and minute >= ${new Date(minute - RATE_MINUTES * MINUTE_MS)} and minute < ${new Date(minute)}
    ) rate on true
    where n.environment_id = ${environmentId} and n.count > 0 order by n.name, n.unit`.execute(db)
  const dropped = await sql<Row<DroppedEvents>>`
    select reason, sum(count)::bigint as count, max(hour) as last_at from event_drops
    where environment_id = ${environmentId} and hour >= ${new Date(now - DAY_MS)}
    group by reason order by reason`.execute(db)
  return { names: names.rows.map(present<EventNameHealth>), dropped: dropped.rows.map(present<DroppedEvents>) }
}
