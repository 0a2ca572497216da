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

/** What counts as an event of interest. */
export interface Measure {
  readonly event: string
  /** Events that took longer are `slow`. */
  readonly slowMs: number
}

interface FactRow {
  readonly arm: 'treated' | 'control'
  readonly entered_at: Date
  readonly events: number
  readonly failures: number
  readonly slow: number
  readonly first_failure_at: Date | null
  readonly failure_run_at: Date | null
}

/** Where each unit stood in the stage; `both`: it was seen on both sides. */
const standing = ({ environmentId, flagKey, ruleId, unit, fromVersion }: Treatment, window: StageWindow) => sql`
  select unit_id,
    min(first_at) filter (where arm = 'treated' and flag_version >= ${window.fromVersion}) as treated_at,
    min(first_at) filter (where arm = 'control' and flag_version >= ${window.fromVersion}) as control_at,
    coalesce(bool_or(arm = 'treated' and flag_version < ${window.fromVersion}), false) as treated_before
  from unit_exposures
  where environment_id = ${environmentId} and flag_key = ${flagKey} and rule = ${ruleId} and unit = ${unit}
    and flag_version >= ${fromVersion}
    and (${window.untilVersion}::bigint is null or flag_version < ${window.untilVersion}::bigint)
  group by unit_id`

const toFact = (row: FactRow): UnitFact => ({
  arm: row.arm,
  enteredAt: row.entered_at.getTime(),
  events: row.events,
  failures: row.failures,
  slow: row.slow,
  ...(row.first_failure_at === null ? {} : { firstFailureAt: row.first_failure_at.getTime() }),
  ...(row.failure_run_at === null ? {} : { failureRunAt: row.failure_run_at.getTime() }),
})

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
  const ended = window.endedAt === null ? null : new Date(window.endedAt)
  const { rows } = await sql<FactRow>`
    with standing as (${standing(treatment, window)}),
    entered as (
      select unit_id, case when treated_at is null then 'control' else 'treated' end as arm,
        coalesce(treated_at, control_at) as entered_at
      from standing
      where not treated_before and (treated_at is null) <> (control_at is null)
    ),
    happened as (
      select entered.unit_id, e.at, e.ok, e.ms,
        not e.ok and lag(not e.ok) over by_unit and lag(not e.ok, 2) over by_unit as third_failure
      from entered
      join unit_events e on e.environment_id = ${treatment.environmentId} and e.name = ${measure.event}
        and e.unit = ${treatment.unit} and e.unit_id = entered.unit_id and e.at >= entered.entered_at
        and (${ended}::timestamptz is null or e.at < ${ended}::timestamptz)
      window by_unit as (partition by entered.unit_id order by e.at)
    )
    select entered.arm, entered.entered_at,
      count(happened.at)::int as events,
      (count(*) filter (where not happened.ok))::int as failures,
      (count(*) filter (where happened.ms > ${measure.slowMs}))::int as slow,
      min(happened.at) filter (where not happened.ok) as first_failure_at,
      min(happened.at) filter (where happened.third_failure) as failure_run_at
    from entered left join happened using (unit_id)
    group by entered.unit_id, entered.arm, entered.entered_at
    order by entered.entered_at, entered.unit_id`.execute(db)
  const { seen, crossed } = await selectSeen(db, treatment, window)
  return {
    stage: window.stage,
    share: window.share,
    startedAt: window.startedAt,
    units: rows.map(toFact),
    seen,
    crossed,
  }
}

async function selectSeen(db: Db, treatment: Treatment, window: StageWindow) {
  const { rows } = await sql<{ treated: number; control: number; crossed: number }>`
    with standing as (${standing(treatment, window)})
    select (count(*) filter (where treated_at is not null and control_at is null))::int as treated,
      (count(*) filter (where control_at is not null and treated_at is null and not treated_before))::int as control,
      (count(*) filter (where control_at is not null and (treated_at is not null or treated_before)))::int as crossed
    from standing`.execute(db)
  const { treated = 0, control = 0, crossed = 0 } = rows[0] ?? {}
  return { seen: { treated, control }, crossed }
}

/** When an event of this name last arrived for any unit, epoch ms. */
export async function selectLastEventAt(db: Db, treatment: Treatment, event: string): Promise<number | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(at) as at from unit_events
    where environment_id = ${treatment.environmentId} and name = ${event} and unit = ${treatment.unit}`.execute(db)
  return rows[0]?.at?.getTime()
}

/** How many distinct units a rollout has ever served. */
export async function countExposedUnits(db: Db, treatment: Treatment): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct unit_id)::int as count from unit_exposures
    where environment_id = ${treatment.environmentId} and flag_key = ${treatment.flagKey}
      and rule = ${treatment.ruleId} and unit = ${treatment.unit} and arm = 'treated'
      and flag_version >= ${treatment.fromVersion}`.execute(db)
  return rows[0]?.count ?? 0
}
