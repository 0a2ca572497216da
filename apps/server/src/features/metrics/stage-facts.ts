import type { StageFacts, UnitFact } from '@dimmer/rollout'
import { sql } from 'kysely'
import type { Db } from '../../kernel/database.ts'

/** Whom a rollout serves, and since which ruleset version. */
export interface Treatment {
  readonly environmentId: string
  readonly flagKey: string
  readonly ruleId: string
  readonly unit: string
  /** Exposures of earlier versions are not this rollout's. */
  readonly fromVersion: number
  /** Nor are those from this version on; null: it goes on. */
  readonly untilVersion: number | null
}

/** One stage begun: the ruleset versions and the time it covers. `until` is exclusive; null: still running. */
export interface StageWindow {
  readonly stage: number
  /** 0 to 1. */
  readonly share: number
  readonly fromVersion: number
  readonly untilVersion: number | null
  readonly startedAt: number
  readonly endedAt: number | null
}

export interface Period {
  readonly from: number
  readonly to: number
}

/** What counts as an event of interest. */
export interface Measure {
  readonly event: string
  /** Events that took longer are `slow`. */
  readonly slowMs: number
  /** Only events that say how long they took count: one without a duration is neither slow nor fast. */
  readonly timedOnly: boolean
  /** Times at which the flag was off: whatever happened then, happened without it. Epoch ms, end exclusive. */
  readonly off: readonly Period[]
}

/** One unit as it stands in a stage, and what happened to it after its first exposure there. */
interface UnitRow {
  readonly treated_at: Date | null
  readonly control_at: Date | null
  /** It was served in an earlier stage of this rollout. */
  readonly treated_before: boolean
  readonly events: number
  readonly failures: number
  readonly slow: number
  readonly first_failure_at: Date | null
  readonly failure_run_at: Date | null
}

/**
 * The events are looked up unit by unit (lateral), so that the plan is an index scan per unit whatever the planner
 * knows about the sizes of the tables.
 */
async function selectUnits(db: Db, treatment: Treatment, window: StageWindow, measure: Measure): Promise<UnitRow[]> {
  const { environmentId, flagKey, ruleId, unit, fromVersion } = treatment
  const ended = window.endedAt === null ? null : new Date(window.endedAt)
  const offFrom = measure.off.map(({ from }) => new Date(from))
  const offTo = measure.off.map(({ to }) => new Date(to))
  const { rows } = await sql<UnitRow>`
    with standing as materialized (
      select unit_id,
        min(first_at) filter (where arm = 'treated' and flag_version >= ${window.fromVersion}) as treated_at,
        min(first_at) filter (where arm = 'control' and flag_version >= ${window.fromVersion}) as control_at,
        coalesce(bool_or(arm = 'treated' and flag_version < ${window.fromVersion}), false) as treated_before
      from unit_exposures
      where environment_id = ${environmentId} and flag_key = ${flagKey} and rule = ${ruleId} and unit = ${unit}
        and flag_version >= ${fromVersion}
        and (${window.untilVersion}::bigint is null or flag_version < ${window.untilVersion}::bigint)
      group by unit_id
    )
    select standing.treated_at, standing.control_at, standing.treated_before, happened.*
    from standing left join lateral (
      select count(*)::int as events,
        (count(*) filter (where not e.ok))::int as failures,
        (count(*) filter (where e.ms > ${measure.slowMs}))::int as slow,
        min(e.at) filter (where not e.ok) as first_failure_at,
        min(e.at) filter (where e.third_failure) as failure_run_at
      from (
        select at, ok, ms,
          not ok and lag(not ok) over in_order and lag(not ok, 2) over in_order as third_failure
        from events
        where kind = (
            select id from event_names
            where environment_id = ${environmentId} and name = ${measure.event} and unit = ${unit}
          )
          and unit_id = standing.unit_id and at >= coalesce(standing.treated_at, standing.control_at)
          and (${ended}::timestamptz is null or at < ${ended}::timestamptz)
          and (not ${measure.timedOnly}::boolean or ms is not null)
          and not exists (
            select 1 from unnest(${offFrom}::timestamptz[], ${offTo}::timestamptz[]) as off(began, ended)
            where at >= off.began and at < off.ended
          )
        window in_order as (order by at)
      ) e
    ) happened on true
    where standing.treated_at is not null or standing.control_at is not null
    order by coalesce(standing.treated_at, standing.control_at), standing.unit_id`.execute(db)
  return rows
}

/** Counted on one side only, and not since an earlier stage. */
function toFacts(row: UnitRow): UnitFact[] {
  const enteredAt = row.treated_at ?? row.control_at
  if (enteredAt === null || row.treated_before || isCrossed(row)) return []
  return [
    {
      arm: row.treated_at === null ? 'control' : 'treated',
      enteredAt: enteredAt.getTime(),
      events: row.events,
      failures: row.failures,
      slow: row.slow,
      ...(row.first_failure_at === null ? {} : { firstFailureAt: row.first_failure_at.getTime() }),
      ...(row.failure_run_at === null ? {} : { failureRunAt: row.failure_run_at.getTime() }),
    },
  ]
}

const isCrossed = (row: UnitRow): boolean => row.control_at !== null && (row.treated_at !== null || row.treated_before)

/**
 * The facts of one stage: units first served in it, and units held out so far, each with what happened after its first
 * exposure in the stage. Always computed from all rows, so late and unordered arrivals give the same facts.
 */
export async function selectStageFacts(
  db: Db,
  treatment: Treatment,
  window: StageWindow,
  measure: Measure,
): Promise<StageFacts> {
  const rows = await selectUnits(db, treatment, window, measure)
  const crossed = rows.filter(isCrossed).length
  const treated = rows.filter(row => row.treated_at !== null && !isCrossed(row)).length
  return {
    stage: window.stage,
    share: window.share,
    startedAt: window.startedAt,
    units: rows.flatMap(toFacts),
    seen: { treated, control: rows.length - crossed - treated },
    crossed,
  }
}

/** When an event of this name last happened to any unit, epoch ms. */
export async function selectLastEventAt(db: Db, treatment: Treatment, event: string): Promise<number | undefined> {
  const { rows } = await sql<{ last_at: Date }>`
    select last_at from event_names
    where environment_id = ${treatment.environmentId} and name = ${event} and unit = ${treatment.unit}`.execute(db)
  return rows[0]?.last_at.getTime()
}

/** How many distinct units a rollout has ever served. */
export async function countExposedUnits(db: Db, treatment: Treatment): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct unit_id)::int as count from unit_exposures
    where environment_id = ${treatment.environmentId} and flag_key = ${treatment.flagKey}
      and rule = ${treatment.ruleId} and unit = ${treatment.unit} and arm = 'treated'
      and flag_version >= ${treatment.fromVersion}
      and (${treatment.untilVersion}::bigint is null or flag_version < ${treatment.untilVersion}::bigint)`.execute(db)
  return rows[0]?.count ?? 0
}
