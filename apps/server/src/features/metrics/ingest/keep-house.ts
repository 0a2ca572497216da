import { sql } from 'kysely'
import type { Db } from '../../../kernel/database.ts'
import type { Clock } from '../../../ports/clock.ts'
import { READ_ONLY_OWNER } from '../facts/variant-outcomes.ts'
import type { EventPartitions } from './event-partitions.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How fast events arrive is of interest for a day. */
const RATES_KEPT_MS = DAY_MS
const DROPS_KEPT_MS = 90 * DAY_MS
/** Numbers that nobody has asked for since are counted anew when somebody does. */
const UNREAD_KEPT_MS = 7 * DAY_MS

export interface HouseDeps {
  readonly db: Db
  readonly clock: Clock
  readonly partitions: EventPartitions
  /** Days for which events are kept after they arrived. */
  readonly eventsDays: number
  /** Days for which ids of batches are kept: a retry that comes later counts again. */
  readonly batchIdsDays: number
}

/** Makes room for the events to come, and forgets what is past its time. */
export async function keepEventsHouse({ db, clock, partitions, eventsDays, batchIdsDays }: HouseDeps): Promise<void> {
  const now = clock.now()
  await partitions.makeAhead(now)
  await sql`delete from event_batches where received_at < ${new Date(now - batchIdsDays * DAY_MS)}`.execute(db)
  await sql`delete from event_rates where minute < ${new Date(now - RATES_KEPT_MS)}`.execute(db)
  await sql`delete from event_drops where hour < ${new Date(now - DROPS_KEPT_MS)}`.execute(db)
  await sql`
    delete from fact_series
    where starts_with(owner, ${READ_ONLY_OWNER}) and folded_at < ${new Date(now - UNREAD_KEPT_MS)}`.execute(db)
  await partitions.dropBefore(now - eventsDays * DAY_MS)
}
