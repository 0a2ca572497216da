import type { DecisionView, LookPoint, RolloutSeries, RolloutView } from '@dimmer/protocol'
import { eventsJudged } from '@dimmer/rollout'
import type { Db } from '../../kernel/database.ts'
import { countExposedUnits, offPeriods, selectEventSeries } from '../metrics/index.ts'
import { treatmentOf } from './rollout-facts.ts'
import { type DecisionRow, type RolloutRow, selectLooks, selectStages } from './rollouts-store.ts'

/** A rollout in a list: how many units it has served is as of its last look. */
export const presentRollout = (row: RolloutRow): RolloutView => ({
  id: row.id,
  flag: row.flag_key,
  environment: row.plan.environment,
  plan: row.plan,
  state: row.state,
  revision: row.revision,
  createdAt: row.created_at.toISOString(),
  verdicts: row.verdicts,
  exposedUnits: row.exposed_units,
})

/** A rollout as the dashboard shows it. */
export async function viewRollout(db: Db, row: RolloutRow): Promise<RolloutView> {
  const treatment = treatmentOf(row, await selectStages(db, row.id))
  return {
    ...presentRollout(row),
    exposedUnits: treatment === undefined ? 0 : await countExposedUnits(db, treatment),
  }
}

export const presentDecision = (row: DecisionRow): DecisionView => ({
  ...row.decision,
  id: row.id,
  at: row.at.toISOString(),
  actor: { kind: row.actor.kind, name: row.actor.name },
  note: row.note,
  version: row.version,
  stage: row.stage,
})

const MOST_POINTS = 240
const NARROWEST_MS = 1_000

const isOver = (row: RolloutRow): boolean => ['rolled-back', 'aborted', 'retired'].includes(row.state.status)

/** What the charts of a rollout show: events per group over time, and what each look found. */
export async function viewSeries(db: Db, row: RolloutRow, now: number): Promise<RolloutSeries> {
  const stages = await selectStages(db, row.id)
  const treatment = treatmentOf(row, stages)
  const from = stages[0]?.startedAt ?? now
  const to = (isOver(row) ? stages.at(-1)?.endedAt : undefined) ?? now
  const widthMs = Math.max(NARROWEST_MS, Math.ceil((to - from) / MOST_POINTS))
  const names = [...new Set(row.plan.guardrails.flatMap(eventsJudged))]
  const off = treatment === undefined ? [] : await offPeriods(db, treatment)
  const events = await Promise.all(
    names.map(async name => {
      const frame = { from, to: to + 1, widthMs, off }
      return [name, treatment ? await selectEventSeries(db, treatment, name, frame) : []] as const
    }),
  )
  const looks: Record<string, LookPoint[]> = Object.fromEntries(
    [...row.plan.guardrails, ...(row.plan.goals ?? [])].map(({ id }) => [id, []]),
  )
  for (const { guardrail_id, at, stage, verdict } of await selectLooks(db, row.id, MOST_POINTS)) {
    const { logE, limit, slow, ...ratio } = verdict.evidence
    const { estimate, lower, upper } = slow ?? ratio
    looks[guardrail_id]?.push({
      at: at.getTime(),
      kind: verdict.kind,
      limit,
      estimate: estimate ?? null,
      lower: lower ?? null,
      upper: upper ?? null,
      logE,
      stage,
    })
  }
  return { widthMs, events: Object.fromEntries(events), looks }
}
