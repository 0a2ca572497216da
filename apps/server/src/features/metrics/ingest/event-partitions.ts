import { sql } from 'kysely'
import type { Db } from '../../../kernel/database.ts'

const DAY_MS = 86_400_000

/** Any constant: it names the lock that lets one node at a time change the partitions. */
const LOCK = 4_400_008

/** A partition of `events`: the days of arrival from `from` up to and without `to`; `from` null: all before, too. */
interface Partition {
  readonly name: string
  readonly from: string | null
  readonly to: string
}

/** The day in UTC, e.g. "2026-11-21". */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

const covers = (partition: Partition, day: string): boolean =>
  (partition.from === null || partition.from <= day) && day < partition.to

async function selectPartitions(db: Db): Promise<readonly Partition[]> {
  const { rows } = await sql<{ name: string; bound: string }>`
    select child.relname as name, pg_get_expr(child.relpartbound, child.oid) as bound
    from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = 'events'::regclass order by 1`.execute(db)
  return rows.flatMap(({ name, bound }) => {
    const [, from, to] = /FROM \((?:MINVALUE|'([\d-]+)')\) TO \('([\d-]+)'\)/.exec(bound) ?? []
    return to === undefined ? [] : [{ name, from: from ?? null, to }]
  })
}

/** The partitions of `events`, one for each day of arrival: made before they are needed, dropped as a whole. */
export class EventPartitions {
  readonly #db: Db
  #known: readonly Partition[] = []

  constructor(db: Db) {
    this.#db = db
  }

  /** Sees to it that events that arrive at this time (epoch ms) have a place. Gives the day to store them under. */
  async ensure(at: number): Promise<string> {
    const day = dayOf(at)
    if (this.#known.some(partition => covers(partition, day))) return day
    await this.#make(day)
    this.#known = await selectPartitions(this.#db)
    return day
  }

  /** Makes today's and tomorrow's. */
  async makeAhead(now: number): Promise<void> {
    await this.ensure(now)
    await this.ensure(now + DAY_MS)
  }

  /**
   * Drops the partitions whose events all arrived before this time (epoch ms). Waits two seconds at most for those who
   * read; what cannot be dropped now is dropped the next time.
   */
  async dropBefore(at: number): Promise<void> {
    const old = (await selectPartitions(this.#db)).filter(({ to }) => to <= dayOf(at))
    for (const { name } of old) {
      await this.#db.transaction().execute(async tx => {
        await sql`set local lock_timeout = '2s'`.execute(tx)
        await sql`drop table if exists ${sql.table(name)}`.execute(tx)
      })
    }
    if (old.length > 0) this.#known = []
  }

  /** Attached rather than made in place: that doesn't keep out those who read and write the other days. */
  async #make(day: string): Promise<void> {
    const name = `events_${day.replaceAll('-', '')}`
    const to = dayOf(Date.parse(day) + DAY_MS)
    await this.#db.transaction().execute(async tx => {
      await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(tx)
      const there = (await selectPartitions(tx)).some(partition => covers(partition, day))
      if (there) return
      await sql`create table ${sql.table(name)} (like events including defaults)`.execute(tx)
      await sql`alter table events attach partition ${sql.table(name)}
        for values from (${sql.lit(day)}) to (${sql.lit(to)})`.execute(tx)
    })
  }
}
