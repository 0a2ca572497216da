import { apply, type Decision, decide, judgeAll, type Verdict } from '@dimmer/rollout'
import { CONTROLLER } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { findFlag, selectConfig } from '../flags/index.ts'
import { carryOut, type RolloutDeps } from './carry-out.ts'
import { factsOf } from './rollout-facts.ts'
import { holdKey, stageOf } from './rollouts-rules.ts'
import {
  insertDecision,
  insertLook,
  type RolloutRow,
  saveState,
  saveVerdicts,
  selectRolloutById,
  selectStages,
} from './rollouts-store.ts'

async function isFlagOn(deps: RolloutDeps, row: RolloutRow): Promise<boolean> {
  const flag = await findFlag(deps.db, row.project_id, row.flag_key)
  return (await selectConfig(deps.db, flag.id, row.environment_id))?.config.on === true
}

/** A verdict is kept when its kind is new, or when the last one kept is this old. */
const KEEP_EVERY_MS = 5_000

const isNew = (verdict: Verdict, last: Verdict | undefined): boolean =>
  last === undefined || last.kind !== verdict.kind || verdict.at - last.at >= KEEP_EVERY_MS

async function keepLooks(deps: RolloutDeps, row: RolloutRow, verdicts: readonly Verdict[]): Promise<void> {
  for (const verdict of verdicts) {
    const last = row.verdicts.find(({ guardrailId }) => guardrailId === verdict.guardrailId)
    if (!isNew(verdict, last)) continue
    const stage = stageOf(row.state) ?? 0
    const at = new Date(verdict.at)
    await insertLook(deps.db, { rollout_id: row.id, guardrail_id: verdict.guardrailId, at, stage, verdict })
  }
  if (verdicts.length > 0) await saveVerdicts(deps.db, row.id, verdicts, new Date(deps.clock.now()))
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
    await insertDecision(tx, {
      rollout_id: row.id,
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
  const stages = await selectStages(deps.db, rolloutId)
  const now = deps.clock.now()
  const verdicts = judgeAll(row.plan, await factsOf(deps.db, row, stages), now)
  const decision = decide(row.plan, row.state, { verdicts, flagOn: await isFlagOn(deps, row) }, now)
  await keepLooks(deps, row, verdicts)
  try {
    if (decision.kind === 'hold') await hold(deps, row, decision)
    else await carryOut(deps, row, { decision, actor: CONTROLLER })
  } catch (error) {
    if (error instanceof AppError && error.code === 'version-conflict') return undefined
    throw error
  }
  return decision
}
