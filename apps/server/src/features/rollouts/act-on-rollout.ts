import type { Role, RolloutAction } from '@dimmer/protocol'
import { personDecision } from '@dimmer/rollout'
import type { Actor } from '../../kernel/actor.ts'
import { isUniqueViolation } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { guardStart, type StartAsked } from '../approvals/index.ts'
import { findFlag, selectConfig } from '../flags/index.ts'
import { selectEnvironmentById } from '../projects/index.ts'
import { carryOut, type RolloutDeps } from './carry-out.ts'
import { whyNotStart } from './rollouts-rules.ts'
import { type RolloutRow, selectRollout } from './rollouts-store.ts'

/** Somebody at a rollout. */
export interface PersonAt {
  readonly projectId: string
  readonly rolloutId: string
  readonly actor: Actor
  /** Their role in an environment. */
  readonly roleIn: (environment: string) => Role
}

export interface PersonAct extends PersonAt {
  readonly action: RolloutAction
  readonly note?: string
}

/** A rollout by id; refuses with `rollout-not-found`. */
export async function findRollout(deps: RolloutDeps, projectId: string, id: string): Promise<RolloutRow> {
  const row = await selectRollout(deps.db, projectId, id)
  if (row === undefined) throw new AppError('rollout-not-found', `There is no rollout "${id}" in this project.`)
  return row
}

async function assertMayRun(deps: RolloutDeps, row: RolloutRow, action: 'start' | 'resume'): Promise<void> {
  const flag = await findFlag(deps.db, row.project_id, row.flag_key)
  const config = (await selectConfig(deps.db, flag.id, row.environment_id))?.config
  if (config?.on !== true) {
    const place = `"${row.flag_key}" is off in ${row.plan.environment}`
    throw new AppError('not-allowed-now', `The flag ${place}; switch it on first.`)
  }
  const reason = action === 'start' ? whyNotStart(config, row.plan) : undefined
  if (reason !== undefined) throw new AppError('not-allowed-now', reason)
}

async function findEnvironmentOf(deps: RolloutDeps, row: RolloutRow) {
  const environment = await selectEnvironmentById(deps.db, row.environment_id)
  if (environment === undefined) throw new AppError('environment-not-found', 'The environment of this rollout is gone.')
  return environment
}

/** The start of a rollout, as those see it who may have to approve it. */
export async function startAsked(
  deps: RolloutDeps,
  row: RolloutRow,
  { actor, roleIn }: Pick<PersonAt, 'actor' | 'roleIn'>,
): Promise<StartAsked> {
  const environment = await findEnvironmentOf(deps, row)
  return {
    rolloutId: row.id,
    environment,
    flagKey: row.flag_key,
    authorId: row.created_by,
    upTo: Math.max(...row.plan.stages.map(({ percent }) => percent)),
    actor,
    role: roleIn(environment.key),
  }
}

/** How often the controller may be faster before a person is told to look again. */
const TRIES = 5

/**
 * A person starts, pauses, resumes, rolls back, aborts or retires a rollout. If the controller decided something at that
 * moment, the act is decided anew on what came of it.
 */
export async function actOnRollout(deps: RolloutDeps, act: PersonAct): Promise<RolloutRow> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await actOnce(deps, act)
    } catch (error) {
      if (left === 0 || !(error instanceof AppError) || error.code !== 'version-conflict') throw error
    }
  }
}

async function actOnce(deps: RolloutDeps, act: PersonAct): Promise<RolloutRow> {
  const row = await findRollout(deps, act.projectId, act.rolloutId)
  const note = act.note?.trim()
  const said = note ? { note } : {}
  if (act.action === 'start' || act.action === 'resume') await assertMayRun(deps, row, act.action)
  if (act.action === 'start') {
    await guardStart(deps, await startAsked(deps, row, act))
  }
  const decision = personDecision(row.plan, row.state, { kind: act.action, by: act.actor.name, ...said })
  try {
    await carryOut(deps, row, { decision, actor: act.actor, ...said })
  } catch (error) {
    if (!isUniqueViolation(error, 'rollouts_one_at_a_time')) throw error
    throw new AppError('not-allowed-now', `Another rollout of "${row.flag_key}" is running here. End it first.`)
  }
  return findRollout(deps, act.projectId, act.rolloutId)
}
