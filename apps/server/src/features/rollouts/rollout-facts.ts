import {
  type GuardrailFacts,
  isDefined,
  type Limit,
  type MetricDefinition,
  metricOf,
  type RolloutPlan,
} from '@dimmer/rollout'
import type { Db } from '../../kernel/database.ts'
import { factsOfMetric, offPeriods, type StageWindow, type Treatment } from '../metrics/index.ts'
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

interface Judged {
  readonly id: string
  readonly metric: MetricDefinition
  readonly limit: Limit
}

/** What the plan has judged: its guardrails, and its goals. */
function judgedBy({ guardrails, goals = [] }: RolloutPlan): readonly Judged[] {
  const guards = guardrails.map(guardrail => ({ id: guardrail.id, ...metricOf(guardrail) }))
  const aims = goals.map(({ id, metric, target }) => ({ id, metric, limit: { value: target } }))
  return [...guards, ...aims].flatMap(({ id, metric, limit }) => (isDefined(metric) ? [{ id, metric, limit }] : []))
}

/** The facts that the guardrails and goals of the plan are judged on. */
export async function factsOf(
  db: Db,
  row: RolloutRow,
  look: { readonly stages: readonly StageWindow[]; readonly now: number },
): Promise<GuardrailFacts[]> {
  const { stages, now } = look
  const treatment = treatmentOf(row, stages)
  if (treatment === undefined) return []
  const off = await offPeriods(db, treatment)
  const facts: GuardrailFacts[] = []
  for (const { id: metricId, metric, limit } of judgedBy(row.plan)) {
    const found = await factsOfMetric(db, { owner: row.id, metricId, metric, limit, treatment, stages, off }, now)
    if (found !== undefined) facts.push(found)
  }
  return facts
}
