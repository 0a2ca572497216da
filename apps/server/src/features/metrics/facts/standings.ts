import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../kernel/database.ts'
import { dropDurations } from './durations.ts'
import type { FactSubject, Treatment } from './fact-subject.ts'
import { dropMinutes, type TouchedHour } from './minutes.ts'

export interface SeqRange {
  /** Exclusive. */
  readonly after: number
  /** Inclusive. */
  readonly upTo: number
}

/** Whether an exposure `x` tells of this rule. Where variants are compared, whom another rule held out belongs to it, too. */
const isOwn = ({ ruleId, compare }: Treatment): RawBuilder<unknown> =>
  compare === 'variants'
    ? sql`(x.arm = 'treated' and x.rule = ${ruleId} or x.arm = 'control' and coalesce(x.served_by = ${ruleId}, false))`
    : sql`(x.rule = ${ruleId})`

/**
 * Brings up to date where units stand, as far as exposures that came in `range` touch them, and marks as stale whose
 * standing is another than before. A unit stands
 *
 * - once in each stage in which it was seen, from its first exposure there;
 * - on no side (`crossed`) where it was seen on both in one stage, or was served earlier and is held out now, or was
 *   served several variants;
 * - until another rule serves it in a later version of the flag; held-out units also until this rule serves them.
 *
 * Where variants are compared there are no held-out units: everybody whom the rule serves is treated.
 */
export async function updateStandings(tx: Tx, series: number, subject: FactSubject, range: SeqRange): Promise<void> {
  const { treatment, stages } = subject
  const { environmentId, flagKey, unit, fromVersion, untilVersion, compare } = treatment
  const own = isOwn(treatment)
  const [arm, wanted] =
    compare === 'variants' ? [sql`'treated'`, sql`x.arm = 'treated' or ${own}`] : [sql`x.arm`, sql`true`]
  const from = stages.map(stage => stage.fromVersion)
  const until = stages.map(stage => stage.untilVersion)
  await sql`
    with changed as (
      select distinct unit_id from unit_exposures
      where environment_id = ${environmentId} and flag_key = ${flagKey} and unit = ${unit}
        and seq > ${range.after} and seq <= ${range.upTo}
    ),
    seen as (
      select x.unit_id, x.flag_version, x.variant, x.first_at, ${arm} as arm, ${own} as own,
        max(x.flag_version) filter (where ${own}) over (partition by x.unit_id) as latest
      -- looked up unit by unit ("offset 0" says so), whatever the planner thinks of the sizes
      from changed cross join lateral (
        select * from unit_exposures
        where environment_id = ${environmentId} and flag_key = ${flagKey} and unit_id = changed.unit_id
          and unit = ${unit} and flag_version >= ${fromVersion}
          and (${untilVersion}::bigint is null or flag_version < ${untilVersion}::bigint)
        offset 0
      ) x
      where ${wanted}
    ),
    stages as (
      select (n - 1)::integer as begun, from_version, until_version
      from unnest(${from}::bigint[], ${until}::bigint[]) with ordinality as s(from_version, until_version, n)
    ),
    standing as (
      select s.begun, unit_id,
        min(first_at) filter (where own and arm = 'treated' and inside) as treated_at,
        min(first_at) filter (where own and arm = 'control' and inside) as control_at,
        min(first_at) filter (where own and arm = 'treated' and flag_version >= s.until_version) as treated_after,
        min(first_at) filter (where not own and arm = 'treated' and flag_version > latest) as taken_at,
        coalesce(bool_or(own and arm = 'treated' and flag_version < s.from_version), false) as treated_before,
        min(variant) filter (where own and inside) as variant,
        count(distinct variant) filter (where own and arm = 'treated' and inside) as variants
      from stages s cross join seen cross join lateral (
        select flag_version >= s.from_version and (s.until_version is null or flag_version < s.until_version) as inside
      ) as placed
      group by s.begun, unit_id
    )
    insert into unit_facts as known (series, begun, unit_id, variant, role, entered_at, left_at, stale)
    select ${series}::integer, begun, unit_id, variant,
      case
        when control_at is not null and (treated_at is not null or treated_before) or variants > 1 then 'crossed'
        when treated_at is null then 'control'
        when treated_before then 'before'
        else 'treated'
      end,
      coalesce(treated_at, control_at),
      coalesce(least(taken_at, case when treated_at is null then treated_after end), 'infinity'),
      true
    from standing
    where treated_at is not null or control_at is not null
    on conflict (series, begun, unit_id) do update set
      variant = excluded.variant, role = excluded.role, entered_at = excluded.entered_at, left_at = excluded.left_at,
      stale = true
    where (known.variant, known.role, known.entered_at, known.left_at)
      is distinct from (excluded.variant, excluded.role, excluded.entered_at, excluded.left_at)`.execute(tx)
}

/**
 * Takes out units that were not seen within the versions of a stage: the stages are others than they were. Gives the
 * minutes that they were in.
 */
export async function dropStandings(
  tx: Tx,
  series: number,
  { treatment, stages, measure }: FactSubject,
): Promise<readonly TouchedHour[]> {
  const { environmentId, flagKey, unit } = treatment
  const unseen = sql`
    select f.begun, f.unit_id
    from unit_facts f join unnest(${stages.map(stage => stage.fromVersion)}::bigint[],
      ${stages.map(stage => stage.untilVersion)}::bigint[]) with ordinality as s(from_version, until_version, n)
      on f.begun = s.n - 1
    where f.series = ${series} and not exists (
      select 1 from unit_exposures x
      where x.environment_id = ${environmentId} and x.flag_key = ${flagKey} and ${isOwn(treatment)} and x.unit = ${unit}
        and x.unit_id = f.unit_id and x.flag_version >= s.from_version
        and (s.until_version is null or x.flag_version < s.until_version)
    )`
  const touched = measure.minutes ? await dropMinutes(tx, series, unseen) : []
  if (measure.durations) await dropDurations(tx, series, unseen)
  await sql`
    delete from unit_facts f using (${unseen}) u
    where f.series = ${series} and f.begun = u.begun and f.unit_id = u.unit_id`.execute(tx)
  return touched
}
