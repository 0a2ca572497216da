import { sql } from 'kysely'
import type { Db, Tx } from '../../../kernel/database.ts'
import { SEQ_LOCKS } from '../ingest/write-batches.ts'

/** Where the numbers of another database's locks can't reach. */
const SPAN = 1_000_000_000_000

/**
 * The number up to which no commit of events is still being written: whoever reads on from it later misses nothing. The
 * numbers drawn are read before the locks: a commit holds its lock from before it drew its number.
 */
export async function settledSeq(db: Db | Tx): Promise<number> {
  const drawn = await sql<{ seq: number }>`select last_value as seq from ingest_seq`.execute(db)
  const held = await sql<{ lowest: number | null }>`
    select min(key) - ${SEQ_LOCKS}::bigint as lowest
    from (
      select (classid::bigint << 32) + objid::bigint as key from pg_locks
      where locktype = 'advisory' and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
    ) locks
    where key >= ${SEQ_LOCKS}::bigint and key < ${SEQ_LOCKS + SPAN}::bigint`.execute(db)
  return Math.min(drawn.rows[0]?.seq ?? 0, held.rows[0]?.lowest ?? Number.MAX_SAFE_INTEGER)
}
