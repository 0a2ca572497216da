import type { Guardrail, GuardrailFacts } from '@dimmer/rollout'
import type { Db } from '../../kernel/database.ts'
import {
  type Measure,
  type StageWindow,
  selectLastEventAt,
  selectStageFacts,
  type Treatment,
} from '../metrics/index.ts'
import type { RolloutRow } from './rollouts-store.ts'

/** Whom a rollout serves; undefined before its first stage. */
export function treatmentOf(row: RolloutRow, stages: readonly StageWindow[]): Treatment | undefined {
  const [first] = stages
  if (first === undefined) return undefined
  return {
    environmentId: row.environment_id,
    flagKey: row.flag_key,
    ruleId: row.plan.ruleId,
    unit: row.plan.unit,
    fromVersion: first.fromVersion,
    untilVersion: stages.at(-1)?.untilVersion ?? null,
  }
}

const measureOf = (guardrail: Guardrail): Measure => ({
  event: guardrail.event,
  slowMs: guardrail.kind === 'latency' ? guardrail.maxMs : Number.MAX_VALUE,
})

/** The facts that each guardrail of the plan is judged on. */
export async function factsOf(db: Db, row: RolloutRow, stages: readonly StageWindow[]): Promise<GuardrailFacts[]> {
  const treatment = treatmentOf(row, stages)
  if (treatment === undefined) return []
  const facts: GuardrailFacts[] = []
  for (const guardrail of row.plan.guardrails) {
    const measure = measureOf(guardrail)
    const perStage = []
    for (const window of stages) perStage.push(await selectStageFacts(db, treatment, window, measure))
    const lastEventAt = await selectLastEventAt(db, treatment, guardrail.event)
    facts.push({ guardrailId: guardrail.id, stages: perStage, lastEventAt })
  }
  return facts
}
