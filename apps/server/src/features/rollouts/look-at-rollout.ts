import type { FlagConfig } from '@dimmer/protocol'
import { apply, type Decision, decide, judgeAll, percentNow, type Verdict, watchedStage } from '@dimmer/rollout'
import { CONTROLLER } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { selectConfig, selectFlag } from '../flags/index.ts'
import { countExposedUnits, type StageWindow } from '../metrics/index.ts'
import { carryOut, type RolloutDeps, retirement } from './carry-out.ts'
import { logDecision } from './log-decision.ts'
import { factsOf, treatmentOf } from './rollout-facts.ts'
import { holdKey, isAsLeft, stageOf } from './rollouts-rules.ts'
import { keepLook, type RolloutRow, saveLook, saveState, selectRolloutById, selectStages } from './rollouts-store.ts'

/** The flag's config here; undefined if the flag was archived. */
async function configOf(deps: RolloutDeps, row: RolloutRow): Promise<FlagConfig | undefined> {
  const flag = await selectFlag(deps.db, row.project_id, row.flag_key)
  if (flag === undefined || flag.archived_at !== null) return undefined
  return (await selectConfig(deps.db, flag.id, row.environment_id))?.config
}

/** A completed rollout no longer owns its rule: once somebody else has set it, there is nothing of its own to watch. */
function whyRetire(row: RolloutRow, config: FlagConfig | undefined): string | undefined {
  if (row.state.status !== 'completed') return undefined
  if (config === undefined) return 'Retired: the flag was archived.'
  return isSetByOthers(row, config) ? 'Retired: its rule was changed by hand.' : undefined
}

const hasEnded = ({ state }: RolloutRow): boolean => state.status === 'rolled-back'

/** A rollout that is over no longer owns its rule. */
const isSetByOthers = ({ plan, state }: RolloutRow, config: FlagConfig | undefined): boolean =>
  config === undefined || !isAsLeft(config, plan, percentNow(plan, state))

/** A share that a roll-back left in place is judged afresh, by what happens from then on. */
const judgedStages = (row: RolloutRow, stages: readonly StageWindow[]): readonly StageWindow[] =>
  hasEnded(row) ? stages.slice(-1) : stages

/** For the charts, a verdict of the same kind is kept no more often than this. */
const KEEP_EVERY_MS = 5_000

/** Counting units takes longer than all the rest: it is done once in so many ms. */
const COUNT_UNITS_EVERY_MS = 10_000

async function exposedNow(deps: RolloutDeps, row: RolloutRow, now: number): Promise<{ exposedUnits?: number }> {
  const turn = (at: number) => Math.floor(at / COUNT_UNITS_EVERY_MS)
  if (row.looked_at !== null && turn(row.looked_at.getTime()) === turn(now)) return {}
  const treatment = treatmentOf(row, await selectStages(deps.db, row.id))
  return treatment === undefined ? {} : { exposedUnits: await countExposedUnits(deps.db, treatment) }
}

async function keepLooks(deps: RolloutDeps, row: RolloutRow, verdicts: readonly Verdict[]): Promise<void> {
  const now = deps.clock.now()
  for (const verdict of verdicts) {
    const stage = watchedStage(row.state) ?? 0
    const at = new Date(verdict.at)
    const look = { rollout_id: row.id, guardrail_id: verdict.guardrailId, at, stage, verdict }
    await keepLook(deps.db, look, KEEP_EVERY_MS)
  }
  await saveLook(deps.db, row.id, { verdicts, at: new Date(now), ...(await exposedNow(deps, row, now)) })
}

/** A hold changes nothing for anybody: it is written to the log when its reason is new. */
async function hold(deps: RolloutDeps, row: RolloutRow, decision: Decision): Promise<void> {
  const outcome = apply(row.plan, row.state, decision, deps.clock.now())
  if ('refused' in outcome) return
  const key = holdKey(decision.because, stageOf(row.state))
  const quiet = key === row.last_hold
  if (quiet && JSON.stringify(outcome.state) === JSON.stringify(row.state)) return
  await deps.db.transaction().execute(async tx => {
    if (!(await saveState(tx, row, { state: outcome.state, lastHold: key })) || quiet) return
    await logDecision(tx, row, {
      at: new Date(deps.clock.now()),
      actor: CONTROLLER,
      decision,
      note: null,
      stage: stageOf(outcome.state) ?? null,
      version: null,
      state_before: row.state,
      state_after: outcome.state,
    })
  })
}

/**
 * One look of the controller at one rollout: facts, verdicts, decision, and what follows from it. Safe to repeat and to
 * run on several nodes: what was decided on an old revision is dropped. Gives the decision; undefined if it lost a race.
 */
export async function lookAtRollout(deps: RolloutDeps, rolloutId: string): Promise<Decision | undefined> {
  const row = await selectRolloutById(deps.db, rolloutId)
  if (row === undefined) return undefined
  const config = await configOf(deps, row)
  const done = whyRetire(row, config)
  if (done !== undefined) return carryOutOnce(deps, row, retirement(done))
  if (watchedStage(row.state) === undefined || (hasEnded(row) && isSetByOthers(row, config))) return undefined
  const stages = judgedStages(row, await selectStages(deps.db, rolloutId))
  const now = deps.clock.now()
  const verdicts = judgeAll(row.plan, await factsOf(deps, row, { stages, now, config }), now)
  const decision = decide(row.plan, row.state, { verdicts, flagOn: config?.on === true }, now)
  await keepLooks(deps, row, verdicts)
  if (decision.kind !== 'hold') return carryOutOnce(deps, row, decision)
  await hold(deps, row, decision)
  return decision
}

/** Gives undefined if somebody else was faster. */
async function carryOutOnce(deps: RolloutDeps, row: RolloutRow, decision: Decision): Promise<Decision | undefined> {
  try {
    await carryOut(deps, row, { decision, actor: CONTROLLER })
    return decision
  } catch (error) {
    if (error instanceof AppError && error.code === 'version-conflict') return undefined
    throw error
  }
}
