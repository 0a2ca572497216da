import type { Decision, RolloutPlan, RolloutState, Verdict } from '@dimmer/rollout'
import { sql } from 'kysely'
import { type Actor, whoOf } from '../../kernel/actor.ts'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'
import type { StageWindow } from '../metrics/index.ts'

export interface RolloutRow {
  readonly id: string
  readonly project_id: string
  readonly environment_id: string
  readonly flag_key: string
  readonly plan: RolloutPlan
  readonly state: RolloutState
  readonly revision: number
  readonly verdicts: readonly Verdict[]
  readonly looked_at: Date | null
  /** Distinct units served, as of a look some seconds ago. */
  readonly exposed_units: number
  /** The reason of the last hold that was written down. */
  readonly last_hold: string | null
  readonly created_at: Date
  /** Id of the person who wrote the plan; null: from before that was kept. */
  readonly created_by: string | null
}

interface StageRow {
  readonly rollout_id: string
  readonly stage: number
  /** Counts the stages begun, from 0: a stage can be begun again after a roll-back to it. */
  readonly begun: number
  readonly share: number
  readonly from_version: number
  readonly started_at: Date
  readonly until_version: number | null
  readonly ended_at: Date | null
}

export interface DecisionRow {
  readonly id: number
  readonly rollout_id: string
  readonly at: Date
  readonly actor: Actor
  readonly decision: Decision
  readonly note: string | null
  readonly stage: number | null
  readonly version: number | null
  readonly state_before: RolloutState
  readonly state_after: RolloutState
}

interface LookRow {
  readonly rollout_id: string
  readonly guardrail_id: string
  readonly at: Date
  readonly stage: number
  readonly verdict: Verdict
}

type Tables = {
  rollouts: RolloutRow
  rollout_stages: StageRow
  decisions: DecisionRow
  rollout_looks: LookRow
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const insertRollout = async (db: Db | Tx, row: RolloutRow): Promise<void> => {
  await tables(db)
    .insertInto('rollouts')
    .values({ ...row, plan: jsonb(row.plan), state: jsonb(row.state), verdicts: jsonb(row.verdicts) })
    .execute()
}

export const selectRollout = (db: Db | Tx, projectId: string, id: string): Promise<RolloutRow | undefined> =>
  tables(db)
    .selectFrom('rollouts')
    .selectAll()
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .executeTakeFirst()

export const selectRolloutById = (db: Db, id: string): Promise<RolloutRow | undefined> =>
  tables(db).selectFrom('rollouts').selectAll().where('id', '=', id).executeTakeFirst()

export const selectRollouts = (db: Db | Tx, projectId: string): Promise<RolloutRow[]> =>
  tables(db)
    .selectFrom('rollouts')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('created_at', 'desc')
    .limit(500)
    .execute()

/**
 * Rollouts that the controller watches: a breach is answered in each of these states. A share that a roll-back left in
 * place is, until another rollout of the flag begins.
 */
export const selectWatched = async (db: Db): Promise<readonly Pick<RolloutRow, 'id' | 'state'>[]> =>
  tables(db)
    .selectFrom('rollouts')
    .select(['id', 'state'])
    .where(
      sql<boolean>`(state ->> 'status' in ('running', 'paused', 'completed') or state ? 'keptStage' and not exists (
        select 1 from rollouts later
        where later.environment_id = rollouts.environment_id and later.flag_key = rollouts.flag_key
          and later.created_at > rollouts.created_at and later.state ->> 'status' <> 'draft'
      ))`,
    )
    .orderBy('created_at')
    .execute()

/** Saves a new state unless somebody else was faster: false if the revision has moved on. */
export const saveState = async (
  tx: Db | Tx,
  row: Pick<RolloutRow, 'id' | 'revision'>,
  change: { readonly state: RolloutState; readonly lastHold: string | null },
): Promise<boolean> => {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('rollouts')
    .set({ state: jsonb(change.state), last_hold: change.lastHold, revision: row.revision + 1 })
    .where('id', '=', row.id)
    .where('revision', '=', row.revision)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Completed rollouts of the same flag in the same environment. */
export const selectCompletedBeside = (tx: Tx, row: RolloutRow): Promise<RolloutRow[]> =>
  tables(tx)
    .selectFrom('rollouts')
    .selectAll()
    .where('environment_id', '=', row.environment_id)
    .where('flag_key', '=', row.flag_key)
    .where('id', '!=', row.id)
    .where(sql<string>`state ->> 'status'`, '=', 'completed')
    .execute()

/** What a look found. `exposedUnits` absent: not counted this time. */
export interface LookResult {
  readonly verdicts: readonly Verdict[]
  readonly exposedUnits?: number
  readonly at: Date
}

export const saveLook = async (db: Db, id: string, { verdicts, exposedUnits, at }: LookResult): Promise<void> => {
  await tables(db)
    .updateTable('rollouts')
    .set({
      verdicts: jsonb(verdicts),
      looked_at: at,
      ...(exposedUnits === undefined ? {} : { exposed_units: exposedUnits }),
    })
    .where('id', '=', id)
    .execute()
}

/** Ends the stage that is open, if one is. */
export const closeStage = async (
  tx: Tx,
  rolloutId: string,
  end: { version: number | null; at: Date },
): Promise<void> => {
  await tables(tx)
    .updateTable('rollout_stages')
    .set({ until_version: end.version, ended_at: end.at })
    .where('rollout_id', '=', rolloutId)
    .where('ended_at', 'is', null)
    .execute()
}

export const openStage = async (
  tx: Tx,
  stage: { rolloutId: string; stage: number; share: number; fromVersion: number; at: Date },
): Promise<void> => {
  await sql`
    insert into rollout_stages (rollout_id, stage, begun, share, from_version, started_at)
    select ${stage.rolloutId}, ${stage.stage}, count(*), ${stage.share}, ${stage.fromVersion}, ${stage.at}
    from rollout_stages where rollout_id = ${stage.rolloutId}`.execute(tx)
}

/** The stages begun, in order. */
export const selectStages = async (db: Db, rolloutId: string): Promise<readonly StageWindow[]> => {
  const rows = await tables(db)
    .selectFrom('rollout_stages')
    .selectAll()
    .where('rollout_id', '=', rolloutId)
    .orderBy('begun')
    .execute()
  return rows.map(row => ({
    stage: row.stage,
    share: row.share,
    fromVersion: row.from_version,
    untilVersion: row.until_version,
    startedAt: row.started_at.getTime(),
    endedAt: row.ended_at?.getTime() ?? null,
  }))
}

export const insertDecision = async (tx: Db | Tx, row: Omit<DecisionRow, 'id'>): Promise<void> => {
  const { rollout_id, at, note, stage, version } = row
  await sql`
    insert into decisions (rollout_id, at, actor, decision, note, stage, version, state_before, state_after)
    values (${rollout_id}, ${at}, ${jsonb(whoOf(row.actor))}, ${jsonb(row.decision)}, ${note}, ${stage}, ${version},
      ${jsonb(row.state_before)}, ${jsonb(row.state_after)})`.execute(tx)
}

/** Newest first. */
export const selectDecisions = (db: Db, rolloutId: string): Promise<DecisionRow[]> =>
  tables(db)
    .selectFrom('decisions')
    .selectAll()
    .where('rollout_id', '=', rolloutId)
    .orderBy('id', 'desc')
    .limit(1_000)
    .execute()

/** Keeps a look if its verdict is of another kind than the last one kept, or that one is older than `everyMs`. */
export const keepLook = async (db: Db, row: LookRow, everyMs: number): Promise<void> => {
  await sql`
    insert into rollout_looks (rollout_id, guardrail_id, at, stage, verdict)
    select ${row.rollout_id}, ${row.guardrail_id}, ${row.at}, ${row.stage}, ${jsonb(row.verdict)}
    where not exists (
      select 1 from (
        select at, verdict from rollout_looks
        where rollout_id = ${row.rollout_id} and guardrail_id = ${row.guardrail_id} order by at desc limit 1
      ) last
      where last.verdict ->> 'kind' = ${row.verdict.kind} and last.at > ${new Date(row.at.getTime() - everyMs)}
    )
    on conflict do nothing`.execute(db)
}

/** Looks older than `afterMs` are kept once in `everyMs`, and where the verdict's kind is another. */
interface Thinning {
  readonly afterMs: number
  readonly everyMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const THINNING: readonly Thinning[] = [
  { afterMs: HOUR_MS, everyMs: MINUTE_MS },
  { afterMs: 24 * HOUR_MS, everyMs: 15 * MINUTE_MS },
]
/** Thinning goes back so far: what a server that was away for longer left over stays. */
const THIN_BACK_MS = 24 * HOUR_MS

/** Charts need the last hour in detail, and of weeks the outline. */
export async function thinLooks(db: Db, now: number): Promise<void> {
  for (const { afterMs, everyMs } of THINNING) {
    const until = now - afterMs
    await sql`
      delete from rollout_looks l using (
        select rollout_id, guardrail_id, at, row_number() over (
          partition by rollout_id, guardrail_id, verdict ->> 'kind',
            date_bin(${everyMs} * interval '1 millisecond', at, timestamptz 'epoch')
          order by at
        ) as n
        from rollout_looks where at >= ${new Date(until - THIN_BACK_MS)} and at < ${new Date(until)}
      ) numbered
      where numbered.n > 1 and l.rollout_id = numbered.rollout_id and l.guardrail_id = numbered.guardrail_id
        and l.at = numbered.at`.execute(db)
  }
}

const DAY_MS = 24 * HOUR_MS

/** Forgets the looks that are older than so many days. */
export const dropOldLooks = async (db: Db, now: number, days: number): Promise<void> => {
  await sql`delete from rollout_looks where at < ${new Date(now - days * DAY_MS)}`.execute(db)
}

/** The looks of a rollout in order, thinned to about `most` per guardrail. */
export const selectLooks = async (db: Db, rolloutId: string, most: number): Promise<readonly LookRow[]> => {
  const { rows } = await sql<LookRow>`
    with numbered as (
      select *, row_number() over w as n, count(*) over (partition by guardrail_id) as total
      from rollout_looks where rollout_id = ${rolloutId}
      window w as (partition by guardrail_id order by at desc)
    )
    select rollout_id, guardrail_id, at, stage, verdict from numbered
    where (n - 1) % greatest(1, ceil(total::float8 / ${most}::float8)::bigint) = 0 order by at`.execute(db)
  return rows
}
