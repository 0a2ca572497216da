import type { EventField } from '@dimmer/rollout'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../kernel/database.ts'
import { bucketOf, dropDurations } from './durations.ts'
import { type FactSubject, MAX_TIME, type Period } from './fact-subject.ts'
import { countMinutes, dropMinutes, type TouchedHour } from './minutes.ts'
import type { SeqRange } from './standings.ts'

/** Numbers of the event names that a measure is about; null: has never arrived. */
export interface Kinds {
  readonly of: number | null
  readonly per: number | null
}

/** What the events of one series are folded by. */
export interface Folding {
  readonly tx: Tx
  readonly series: number
  readonly subject: FactSubject
  readonly kinds: Kinds
}

/** What one event `e` adds to a sum. */
export const FIELDS: Readonly<Record<EventField, RawBuilder<unknown>>> = {
  count: sql`1`,
  value: sql`coalesce(e.value, 0)`,
  ms: sql`coalesce(e.ms, 0)`,
}

const dates = (times: readonly number[]): Date[] => times.map(at => new Date(at))

/** Exact sums of those events of a kind that count: adding up floats would depend on the order of arrival. */
export function sumOf(
  kind: number | null,
  field: EventField | undefined,
  counted: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  if (field === undefined) return sql`0::numeric`
  const which = sql`filter (where e.kind = ${kind}::integer and ${counted})`
  return field === 'count' ? sql`count(*) ${which}` : sql`coalesce(sum((${FIELDS[field]})::numeric) ${which}, 0)`
}

/** Whether an event `e` happened while the flag was on. */
const whileOn = (off: readonly Period[]): RawBuilder<unknown> =>
  off.length === 0
    ? sql`true`
    : sql`not exists (
      select 1 from unnest(${dates(off.map(({ from }) => from))}::timestamptz[],
        ${dates(off.map(({ to }) => to))}::timestamptz[]) as o(began, ended)
      where e.at >= o.began and e.at < o.ended
    )`

/**
 * Whether an event `e` counts for a unit's facts `f`: in its window, in its stage, and not while the flag was off. Those who
 * were served before, too, have minutes and nothing else.
 */
function counts({ subject }: Folding): RawBuilder<unknown> {
  const { measure, stages, off } = subject
  const ends = stages.map(({ endedAt }) => (measure.endsWithStage ? endedAt : null) ?? MAX_TIME)
  const within =
    measure.withinMs === null
      ? sql`true`
      : sql`e.at < f.entered_at + ${measure.afterMs + measure.withinMs} * interval '1 millisecond'`
  const roles = measure.minutes ? ['treated', 'control', 'before'] : ['treated', 'control']
  return sql`f.role = any(${roles}::text[])
    and e.at >= f.entered_at + ${measure.afterMs} * interval '1 millisecond' and ${within}
    and e.at < f.left_at and e.at < (${dates(ends)}::timestamptz[])[f.begun + 1]
    and (not ${measure.timedOnly}::boolean or e.ms is not null)
    and ${whileOn(off)}`
}

const kindsOf = ({ kinds }: Folding): readonly number[] => [
  ...new Set([kinds.of, kinds.per].filter(kind => kind !== null)),
]

/** All events of each stale unit, looked up unit by unit, so that the plan is an index scan whatever the sizes. */
const eventsOfStale = (folding: Folding, range: SeqRange): RawBuilder<unknown> => sql`
  select f.begun, f.unit_id, f.role, e.kind, e.at, e.ok, e.ms, e.value
  from unit_facts f cross join lateral (
    select e.* from events e
    where e.kind = any(${kindsOf(folding)}::integer[]) and e.unit_id = f.unit_id and e.at >= f.entered_at
      and e.received_on >= (f.entered_at at time zone 'UTC')::date and e.seq <= ${range.upTo}
    offset 0
  ) e
  where f.series = ${folding.series} and f.stale and ${counts(folding)}`

const newEvents = (folding: Folding, range: SeqRange): RawBuilder<unknown> => sql`
  select f.begun, f.unit_id, f.role, e.kind, e.at, e.ok, e.ms, e.value
  from events_between(${kindsOf(folding)}::integer[], ${range.after}, ${range.upTo}) e join unit_facts f
    on f.series = ${folding.series} and f.unit_id = e.unit_id and not f.stale
  where ${counts(folding)}`

/** What is already in a unit's minutes, and the bits that new events `e` set in them. */
const MINUTES = sql`
  hours as (
    select begun, unit_id, hour, bit_or(bit) as active, coalesce(bit_or(bit) filter (where not ok), 0) as failed
    from (
      select begun, unit_id, ok, date_bin('1 hour', at, timestamptz 'epoch') as hour,
        1::bigint << date_part('minute', at at time zone 'UTC')::integer as bit
      from e
    ) bits
    group by begun, unit_id, hour
  ),`

function addMinutes({ series }: Folding): RawBuilder<unknown> {
  return sql`${MINUTES}
  known as (
    select h.*, coalesce(m.active, 0) as was_active, coalesce(m.failed, 0) as was_failed
    from hours h left join unit_minutes m
      on m.series = ${series} and m.begun = h.begun and m.unit_id = h.unit_id and m.hour = h.hour
  ),
  kept_minutes as (
    insert into unit_minutes (series, begun, unit_id, hour, active, failed)
    select ${series}::integer, begun, unit_id, hour, active | was_active, failed | was_failed from known
    on conflict (series, unit_id, begun, hour) do update set active = excluded.active, failed = excluded.failed
  ),
  gained as (
    select begun, unit_id, sum(bit_count((active & ~was_active)::bit(64))) as active_minutes,
      sum(bit_count((failed & ~was_failed)::bit(64))) as failed_minutes
    from known group by begun, unit_id
  ),`
}

/** Nobody gains a minute where they are not of interest. */
const NO_MINUTES = sql`
  hours as (select 0 as begun, now() as hour, 0::bigint as active where false),
  gained as (select 0 as begun, '' as unit_id, 0 as active_minutes, 0 as failed_minutes where false),`

function addDurations({ series, kinds, subject }: Folding): RawBuilder<unknown> {
  if (!subject.measure.durations) return sql``
  return sql`
  took as (
    select begun, unit_id, role = 'treated' as treated, ${bucketOf} as bucket, count(*) as count
    from e where e.kind = ${kinds.of}::integer and e.ms is not null group by 1, 2, 3, 4
  ),
  kept_durations as (
    insert into unit_durations as known (series, begun, unit_id, bucket, treated, count)
    select ${series}::integer, begun, unit_id, bucket, treated, count from took
    on conflict (series, unit_id, begun, bucket) do update set count = known.count + excluded.count
  ),
  summed_durations as (
    insert into duration_facts as known (series, begun, treated, bucket, count)
    select ${series}::integer, begun, treated, bucket, sum(count) from took group by begun, treated, bucket
    on conflict (series, begun, treated, bucket) do update set count = known.count + excluded.count
  ),`
}

/**
 * Adds events to the units' numbers, and gives the minutes that they lie in. None of it depends on the order in which they
 * come, but for runs of failures: a success that arrives late may lie within the run that was found, and such a unit is
 * counted anew.
 */
async function add(folding: Folding, events: RawBuilder<unknown>): Promise<readonly TouchedHour[]> {
  const { tx, series, subject, kinds } = folding
  const { measure } = subject
  const counted = sql`e.role <> 'before'`
  const ofKind = sql`e.kind = ${kinds.of}::integer and ${counted}`
  const { rows } = await sql<TouchedHour>`
    with e as materialized (${events}),
    ${measure.minutes ? addMinutes(folding) : NO_MINUTES}
    ${addDurations(folding)}
    fresh as (
      select begun, unit_id,
        count(*) filter (where ${ofKind}) as events,
        count(*) filter (where ${ofKind} and not e.ok) as failures,
        count(*) filter (where ${ofKind} and e.ms > ${measure.slowMs}) as slow,
        ${sumOf(kinds.of, measure.of.field, counted)} as total,
        ${sumOf(kinds.per, measure.per?.field, counted)} as per,
        min(e.at) filter (where ${ofKind}) as first_at,
        (array_agg(e.at order by e.at) filter (where ${ofKind}))[2] as second_at,
        min(e.at) filter (where ${ofKind} and not e.ok) as first_failure_at,
        min(e.at) filter (where ${ofKind} and e.ok) as first_success_at
      from e group by begun, unit_id
    ),
    updated as (
      update unit_facts f set
        events = f.events + fresh.events,
        failures = f.failures + fresh.failures,
        slow = f.slow + fresh.slow,
        total = f.total + fresh.total,
        per = f.per + fresh.per,
        first_at = least(f.first_at, fresh.first_at),
        second_at = case
          when f.first_at is null then fresh.second_at
          when fresh.first_at is null then f.second_at
          else least(greatest(f.first_at, fresh.first_at), f.second_at, fresh.second_at)
        end,
        first_failure_at = least(f.first_failure_at, fresh.first_failure_at),
        stale = f.stale or coalesce(fresh.first_success_at < f.failure_run_at, false),
        active_minutes = f.active_minutes + coalesce(gained.active_minutes, 0),
        failed_minutes = f.failed_minutes + coalesce(gained.failed_minutes, 0)
      from fresh left join gained on gained.begun = fresh.begun and gained.unit_id = fresh.unit_id
      where f.series = ${series} and f.begun = fresh.begun and f.unit_id = fresh.unit_id
    )
    select begun, hour, bit_or(active)::text as mask from hours group by begun, hour`.execute(tx)
  return rows
}

/** The third of the first three failures in a row, for all stale units: from all their events in order. */
async function findRunsOfStale(folding: Folding, range: SeqRange): Promise<void> {
  const { tx, series } = folding
  await sql`
    with third as (
      select begun, unit_id, at,
        not ok and lag(not ok) over in_order and lag(not ok, 2) over in_order as ends_run
      from (${eventsOfStale(folding, range)}) e
      where role <> 'before'
      window in_order as (partition by begun, unit_id order by at, ok)
    )
    update unit_facts f set failure_run_at = found.at
    from (select begun, unit_id, min(at) as at from third where ends_run group by 1, 2) found
    where f.series = ${series} and f.begun = found.begun and f.unit_id = found.unit_id`.execute(tx)
}

/**
 * The same for new events, from their neighbours alone: a run that wasn't there before has a new failure in it, so its
 * three events are among that failure, the two before and the two after it.
 */
async function findNewRuns(folding: Folding, range: SeqRange): Promise<void> {
  const { tx, series, kinds } = folding
  const neighbour = (side: RawBuilder<unknown>) => sql`(
    select e.at, e.ok from events e
    where e.kind = ${kinds.of}::integer and e.unit_id = f.unit_id and e.at >= f.entered_at and e.seq <= ${range.upTo}
      and e.received_on >= (f.entered_at at time zone 'UTC')::date and ${counts(folding)} and ${side}
  )`
  await sql`
    with failed as (
      select distinct begun, unit_id, at from (${newEvents(folding, range)}) e where not ok and role <> 'before'
    ),
    found as (
      select f.begun, f.unit_id, min(third.at) as at
      from failed join unit_facts f on f.series = ${series} and f.begun = failed.begun and f.unit_id = failed.unit_id and not f.stale
      cross join lateral (
        select at, not ok and lag(not ok) over in_order and lag(not ok, 2) over in_order as ends_run
        from (
          ${neighbour(sql`e.at <= failed.at and (e.at, e.ok) <= (failed.at, false) order by e.at desc, e.ok desc limit 3`)}
          union all
          ${neighbour(sql`e.at >= failed.at and (e.at, e.ok) > (failed.at, false) order by e.at, e.ok limit 2`)}
        ) near
        window in_order as (order by at, ok)
      ) third
      where third.ends_run and f.failures >= 3 and (f.failure_run_at is null or failed.at < f.failure_run_at)
      group by 1, 2
    )
    update unit_facts f set failure_run_at = least(f.failure_run_at, found.at)
    from found where f.series = ${series} and f.begun = found.begun and f.unit_id = found.unit_id`.execute(tx)
}

/** Units with an event at or after this time: what is counted of them may be another from then on. */
export async function markTouchedSince({ tx, series, ...folding }: Folding, at: number): Promise<void> {
  const since = new Date(at)
  await sql`
    update unit_facts f set stale = true
    where f.series = ${series} and exists (
      select 1 from events e
      where e.kind = any(${kindsOf({ tx, series, ...folding })}::integer[]) and e.unit_id = f.unit_id
        and e.at >= ${since} and e.received_on >= (${since}::timestamptz at time zone 'UTC')::date
    )`.execute(tx)
}

/** Whose numbers are to be counted anew. */
const staleUnits = (series: number): RawBuilder<unknown> =>
  sql`select begun, unit_id from unit_facts where series = ${series} and stale`

/** Counts stale units anew, from all their events up to the end of the range. Gives the minutes that they were or are in. */
async function countStale(folding: Folding, range: SeqRange): Promise<readonly TouchedHour[]> {
  const { tx, series, subject } = folding
  const { measure } = subject
  const { numAffectedRows } = await sql`
    update unit_facts set events = 0, failures = 0, slow = 0, total = 0, per = 0, first_at = null, second_at = null,
      first_failure_at = null, failure_run_at = null, active_minutes = 0, failed_minutes = 0
    where series = ${series} and stale`.execute(tx)
  if (numAffectedRows === 0n) return []
  const left = measure.minutes ? await dropMinutes(tx, series, staleUnits(series)) : []
  if (measure.durations) await dropDurations(tx, series, staleUnits(series))
  const entered = kindsOf(folding).length > 0 ? await add(folding, eventsOfStale(folding, range)) : []
  if (measure.runs) await findRunsOfStale(folding, range)
  await sql`update unit_facts set stale = false where series = ${series} and stale`.execute(tx)
  return [...left, ...entered]
}

/**
 * Folds the events that came in `range` into the units' numbers, and counts stale units anew. Afterwards the numbers are
 * those that one would get by counting everything at once. `touched`: minutes of units that are no longer there.
 */
export async function foldEvents(
  folding: Folding,
  range: SeqRange,
  touched: readonly TouchedHour[] = [],
): Promise<void> {
  const all = [...touched]
  if (kindsOf(folding).length > 0 && range.after < range.upTo) {
    all.push(...(await add(folding, newEvents(folding, range))))
    if (folding.subject.measure.runs) await findNewRuns(folding, range)
  }
  all.push(...(await countStale(folding, range)))
  await countMinutes(folding.tx, folding.series, all)
}
