import type { ErrorRateGuardrail, Guardrail, GuardrailFacts, LatencyGuardrail } from '@dimmer/rollout'
import type { Db } from '../../kernel/database.ts'
import {
  type Measure,
  type Period,
  type StageWindow,
  selectLastEventAt,
  selectStageFacts,
  type Treatment,
} from '../metrics/index.ts'
import { selectSwitches } from '../projects/index.ts'
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

/** Guardrails on events: what the facts of this slice can be computed for. */
type EventGuardrail = ErrorRateGuardrail | LatencyGuardrail

const isOnEvents = (guardrail: Guardrail): guardrail is EventGuardrail => guardrail.kind !== 'metric'

const measureOf = (guardrail: EventGuardrail, off: readonly Period[]): Measure => ({
  event: guardrail.event,
  slowMs: guardrail.kind === 'latency' ? guardrail.maxMs : Number.MAX_VALUE,
  timedOnly: guardrail.kind === 'latency',
  off,
})

/** When the flag was off since the rollout began; a period that lasts ends at the end of time. */
async function offPeriods(db: Db, { environmentId, flagKey, fromVersion }: Treatment): Promise<readonly Period[]> {
  const switches = await selectSwitches(db, environmentId, { key: flagKey, sinceVersion: fromVersion })
  return switches.flatMap(({ at, on }, index) =>
    on ? [] : [{ from: at.getTime(), to: switches[index + 1]?.at.getTime() ?? MAX_TIME }],
  )
}

/** Later than anything that is tracked. */
const MAX_TIME = Date.UTC(9999, 0)

/** The facts that each guardrail of the plan is judged on. */
export async function factsOf(db: Db, row: RolloutRow, stages: readonly StageWindow[]): Promise<GuardrailFacts[]> {
  const treatment = treatmentOf(row, stages)
  if (treatment === undefined) return []
  const off = await offPeriods(db, treatment)
  const facts: GuardrailFacts[] = []
  for (const guardrail of row.plan.guardrails.filter(isOnEvents)) {
    const measure = measureOf(guardrail, off)
    const perStage = []
    for (const window of stages) perStage.push(await selectStageFacts(db, treatment, window, measure))
    const lastEventAt = await selectLastEventAt(db, treatment, guardrail.event)
    facts.push({ guardrailId: guardrail.id, stages: perStage, lastEventAt })
  }
  return facts
}
