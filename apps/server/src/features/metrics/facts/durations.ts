import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../kernel/database.ts'
import type { WhoseNumbers } from './minutes.ts'

/** Durations in one bucket of one group in one stage (`bucketIndex` of @dimmer/stats). */
export interface DurationNumbers {
  readonly begun: number
  readonly treated: boolean
  readonly bucket: number
  readonly count: number
}

/** What takes no time counts as next to none; what takes longer than a century, as a century. */
const [SHORTEST_MS, LONGEST_MS] = [1e-9, 1e13]

/** The bucket of an event `e`, as `bucketIndex` gives it, but for rounding at an edge. */
export const bucketOf: RawBuilder<unknown> = sql`ceil(
  ln(least(greatest(e.ms, ${SHORTEST_MS}::float8), ${LONGEST_MS}::float8)) / ln(1.01::float8 / 0.99::float8)
)::integer`

/** Forgets the durations of units, and takes them off their groups. */
export async function dropDurations(tx: Tx, series: number, whose: WhoseNumbers): Promise<void> {
  await sql`
    with gone as (
      delete from unit_durations d using (${whose}) w
      where d.series = ${series} and d.begun = w.begun and d.unit_id = w.unit_id
      returning d.begun, d.treated, d.bucket, d.count
    )
    update duration_facts f set count = f.count - sums.count
    from (select begun, treated, bucket, sum(count) as count from gone group by begun, treated, bucket) sums
    where f.series = ${series} and f.begun = sums.begun and f.treated = sums.treated and f.bucket = sums.bucket`.execute(
    tx,
  )
}

/** The durations of a series, bucket by bucket. */
export async function selectDurations(db: Db, series: number): Promise<readonly DurationNumbers[]> {
  const { rows } = await sql<DurationNumbers>`
    select begun, treated, bucket, count::float8 from duration_facts
    where series = ${series} and count > 0 order by begun, treated, bucket`.execute(db)
  return rows
}
