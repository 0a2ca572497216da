import type { GroupPoint, SeriesPoint } from '@dimmer/protocol'
import { sql } from 'kysely'
import type { Db } from '../../kernel/database.ts'
import type { Period, Treatment } from './facts/fact-subject.ts'

/** From when to when, and how wide each point is. Epoch ms. */
export interface SeriesFrame {
  /** Times at which the flag was off: what happened then is in no group. */
  readonly off: readonly Period[]
  readonly from: number
  readonly to: number
  readonly widthMs: number
}

const NONE: GroupPoint = { events: 0, failures: 0, p95Ms: null }

interface BucketRow {
  readonly bucket: number
  readonly treated: boolean
  readonly events: number
  readonly failures: number
  readonly p95: number | null
}

/**
 * What happened over time to units that have it and to the comparison group. A unit counts as treated from its first
 * exposure on; before that, and for all others, as control.
 */
export async function selectEventSeries(
  db: Db,
  treatment: Treatment,
  event: string,
  frame: SeriesFrame,
): Promise<readonly SeriesPoint[]> {
  const { rows } = await sql<BucketRow>`
    with units as (
      select unit_id, min(first_at) filter (where arm = 'treated') as treated_at,
        min(first_at) filter (where arm = 'control') as control_at
      from unit_exposures
      where environment_id = ${treatment.environmentId} and flag_key = ${treatment.flagKey}
        and rule = ${treatment.ruleId} and unit = ${treatment.unit} and flag_version >= ${treatment.fromVersion}
        and (${treatment.untilVersion}::bigint is null or flag_version < ${treatment.untilVersion}::bigint)
      group by unit_id
    )
    select floor((extract(epoch from e.at) * 1000 - ${frame.from}::float8) / ${frame.widthMs}::float8)::int as bucket,
      coalesce(units.treated_at <= e.at, false) as treated,
      count(*)::int as events, (count(*) filter (where not e.ok))::int as failures,
      percentile_disc(0.95) within group (order by e.ms) as p95
    from units
    join event_names n on n.environment_id = ${treatment.environmentId} and n.name = ${event} and n.unit = ${treatment.unit}
    join events e on e.kind = n.id and e.unit_id = units.unit_id
      and e.received_on >= (${new Date(frame.from)}::timestamptz at time zone 'UTC')::date
      and e.at >= ${new Date(frame.from)} and e.at < ${new Date(frame.to)}
      and e.at >= least(units.treated_at, units.control_at)
      and not exists (
        select 1 from unnest(${frame.off.map(({ from }) => new Date(from))}::timestamptz[],
          ${frame.off.map(({ to }) => new Date(to))}::timestamptz[]) as off(began, ended)
        where e.at >= off.began and e.at < off.ended
      )
    group by 1, 2 order by 1`.execute(db)
  const buckets = new Map<number, SeriesPoint>()
  for (const { bucket, treated, events, failures, p95 } of rows) {
    const at = frame.from + bucket * frame.widthMs
    const point = buckets.get(bucket) ?? { at, treated: NONE, control: NONE }
    buckets.set(bucket, { ...point, [treated ? 'treated' : 'control']: { events, failures, p95Ms: p95 } })
  }
  return [...buckets.values()]
}
