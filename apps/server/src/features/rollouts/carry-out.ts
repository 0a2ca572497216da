import type { LiveEvent } from '@dimmer/protocol'
import { apply, type Decision, type RolloutState, watchedStage } from '@dimmer/rollout'
import { type Actor, CONTROLLER } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { PolicyDeps } from '../approvals/index.ts'
import { changeConfigIn, deleteRuleOwner, type FlagDeps, findFlag, insertRuleOwner } from '../flags/index.ts'
import { type Environment, type RulesetChanged, selectEnvironmentById } from '../projects/index.ts'
import type { ExternalSamples } from '../signals/index.ts'
import { logDecision } from './log-decision.ts'
import { ownsRule, stageOf, withRolloutShare } from './rollouts-rules.ts'
import { closeStage, openStage, type RolloutRow, saveState, selectCompletedBeside } from './rollouts-store.ts'

export interface RolloutDeps extends FlagDeps, PolicyDeps {
  /** Tells the dashboards of all nodes. */
  readonly announce: (projectKey: string, event: LiveEvent) => void
  /** Numbers of external metrics. */
  readonly externalSamples: ExternalSamples
}

interface Order {
  readonly decision: Decision
  readonly actor: Actor
  readonly note?: string
}

interface Step {
  readonly tx: Tx
  readonly deps: RolloutDeps
  readonly row: RolloutRow
  readonly environment: Environment
  readonly order: Order
  readonly after: RolloutState
  /** Share to set, in percent; undefined: unchanged. */
  readonly percent: number | undefined
  readonly at: Date
}

async function setShare({ tx, deps, row, environment, order, percent }: Step): Promise<RulesetChanged | undefined> {
  if (percent === undefined) return undefined
  return changeConfigIn(tx, deps.clock, {
    environment,
    flagKey: row.flag_key,
    actor: order.actor,
    owner: row.id,
    change: config => withRolloutShare(config, row.plan, percent),
  })
}

async function passRuleOn({ tx, row, after }: Step): Promise<void> {
  if (ownsRule(row.state) === ownsRule(after)) return
  if (!ownsRule(after)) return deleteRuleOwner(tx, row.id)
  const flag = await findFlag(tx, row.project_id, row.flag_key)
  const place = { flag_id: flag.id, environment_id: row.environment_id, rule_id: row.plan.ruleId }
  await insertRuleOwner(tx, { ...place, owner: row.id })
}

/** The first version that is no longer a rollout's own, though the same rule may serve in it. */
const endOf = ({ version: now }: Environment, version: number | null): number => version ?? now + 1

/** The stage begun last ends where the share changes or the rollout ends; a new share in a stage opens a new one. */
async function turnStage({ tx, row, environment, after, percent, at }: Step, version: number | null): Promise<void> {
  const over = after.status === 'aborted' || after.status === 'retired'
  if (version === null && !over) return
  await closeStage(tx, row.id, { version: endOf(environment, version), at })
  const kept = watchedStage(after)
  if (version === null || over || kept === undefined || percent === undefined) return
  await openStage(tx, { rolloutId: row.id, stage: kept, share: percent / 100, fromVersion: version, at })
}

/** What the controller does by itself when a rollout's part is over. */
export const retirement = (sentence: string): Decision => ({
  kind: 'retire',
  because: { code: 'completed' },
  sentence,
  verdicts: [],
})

/** A rollout that starts takes the flag over: those that were completed before are no longer watched. */
async function retireFormer({ tx, row, environment, order, at }: Step, version: number | null): Promise<void> {
  if (order.decision.kind !== 'start') return
  for (const former of await selectCompletedBeside(tx, row)) {
    const decision = retirement('Retired: a new rollout of this flag has begun.')
    const outcome = apply(former.plan, former.state, decision, at.getTime())
    if ('refused' in outcome || !(await saveState(tx, former, { state: outcome.state, lastHold: null }))) continue
    await closeStage(tx, former.id, { version: endOf(environment, version), at })
    await logDecision(tx, former, {
      at,
      actor: CONTROLLER,
      decision,
      note: null,
      stage: stageOf(former.state) ?? null,
      version: null,
      state_before: former.state,
      state_after: outcome.state,
    })
  }
}

async function carryOutIn(step: Step): Promise<RulesetChanged | undefined> {
  const { tx, row, order, after, at } = step
  if (!(await saveState(tx, row, { state: after, lastHold: null }))) {
    throw new AppError('version-conflict', 'The rollout has changed since you read it. Look again and repeat.')
  }
  const changed = await setShare(step)
  const version = changed?.patch.to ?? null
  await retireFormer(step, version)
  await passRuleOn(step)
  await turnStage(step, version)
  await logDecision(tx, row, {
    at,
    actor: order.actor,
    decision: order.decision,
    note: order.note ?? null,
    stage: stageOf(after) ?? stageOf(row.state) ?? null,
    version,
    state_before: row.state,
    state_after: after,
  })
  return changed
}

/**
 * Carries a decision out, a person's or the controller's: state, share, owner of the rule, stage, decision log and
 * outbox change together or not at all. Of two that decide on the same revision, the second is refused.
 */
export async function carryOut(deps: RolloutDeps, row: RolloutRow, order: Order): Promise<void> {
  const now = deps.clock.now()
  const outcome = apply(row.plan, row.state, order.decision, now)
  if ('refused' in outcome) throw new AppError('not-allowed-now', outcome.refused.message)
  const environment = await selectEnvironmentById(deps.db, row.environment_id)
  if (environment === undefined) throw new AppError('environment-not-found', 'The environment of this rollout is gone.')
  const changed = await deps.db.transaction().execute(tx =>
    carryOutIn({
      tx,
      deps,
      row,
      environment,
      order,
      after: outcome.state,
      percent: outcome.percent,
      at: new Date(now),
    }),
  )
  if (changed) deps.hub.emit('ruleset-changed', changed)
  deps.announce(environment.projectKey, {
    type: 'rollout-changed',
    rollout: row.id,
    flag: row.flag_key,
    environment: environment.key,
  })
}
