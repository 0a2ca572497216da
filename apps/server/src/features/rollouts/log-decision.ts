import type { AuditVerb } from '@dimmer/protocol'
import { percentNow, type RolloutState } from '@dimmer/rollout'
import type { Tx } from '../../kernel/database.ts'
import { journal } from '../../kernel/journal.ts'
import { selectEnvironmentById } from '../projects/index.ts'
import { stageOf } from './rollouts-rules.ts'
import { type DecisionRow, insertDecision, type RolloutRow } from './rollouts-store.ts'

const describe = (row: RolloutRow, state: RolloutState) => {
  const stage = stageOf(state)
  return {
    status: state.status,
    percent: percentNow(row.plan, state),
    ...(stage === undefined ? {} : { stage: stage + 1 }),
  }
}

/** Writes a decision into the rollout's own log, with its evidence, and into the journal of everything. */
export async function logDecision(
  tx: Tx,
  row: RolloutRow,
  made: Omit<DecisionRow, 'id' | 'rollout_id'>,
): Promise<void> {
  await insertDecision(tx, { rollout_id: row.id, ...made })
  const environment = await selectEnvironmentById(tx, row.environment_id)
  const verb: AuditVerb = made.decision.kind
  const brokeGlass = verb === 'start' ? made.actor.breakGlass : undefined
  await journal(tx, {
    actor: made.actor,
    at: made.at,
    verb,
    object: { kind: 'rollout', key: row.id },
    ...(environment && { project: { id: environment.projectId, key: environment.projectKey } }),
    environment: row.plan.environment,
    flag: row.flag_key,
    before: describe(row, made.state_before),
    after: { ...describe(row, made.state_after), because: made.decision.sentence },
    ...(made.note === null ? {} : { comment: made.note }),
    ...(brokeGlass === undefined ? {} : { flagged: 'break-glass', comment: brokeGlass }),
  })
}
