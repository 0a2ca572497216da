import type { FlagConfig } from '@dimmer/protocol'
import {
  type GuardrailFacts,
  isDefined,
  type Limit,
  type MetricDefinition,
  metricOf,
  type RolloutPlan,
  type Sample,
} from '@dimmer/rollout'
import { factsOfMetric, offPeriods, type StageWindow, type Treatment } from '../metrics/index.ts'
import type { ExternalSubject } from '../signals/index.ts'
import type { RolloutDeps } from './carry-out.ts'
import { othersGet } from './rollouts-rules.ts'
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

type FactsDeps = Pick<RolloutDeps, 'db' | 'externalSamples'>

interface FactsLook {
  readonly stages: readonly StageWindow[]
  readonly now: number
  /** Undefined: the flag was archived. */
  readonly config: FlagConfig | undefined
}

/** What is read from outside for a metric; undefined: it is measured on events. */
function externalSubject(
  row: RolloutRow,
  { id, metric }: Pick<Judged, 'id' | 'metric'>,
  { stages, config }: { readonly stages: readonly StageWindow[]; readonly config: FlagConfig },
): ExternalSubject | undefined {
  const [first] = stages
  const control = othersGet(config)
  if (metric.kind !== 'external' || first === undefined || control === undefined) return undefined
  return {
    environmentId: row.environment_id,
    rolloutId: row.id,
    guardrailId: id,
    metric,
    since: first.startedAt,
    variants: { treated: row.plan.variant, control },
  }
}

function withSamples(facts: GuardrailFacts, samples: readonly Sample[]): GuardrailFacts {
  return facts.shape === 'samples' ? { ...facts, samples, lastEventAt: samples.at(-1)?.at } : facts
}

/** The facts that the guardrails and goals of the plan are judged on. */
export async function factsOf(deps: FactsDeps, row: RolloutRow, look: FactsLook): Promise<GuardrailFacts[]> {
  const { db } = deps
  const { stages, now, config } = look
  const treatment = treatmentOf(row, stages)
  if (treatment === undefined) return []
  const off = await offPeriods(db, treatment)
  const facts: GuardrailFacts[] = []
  for (const { id: metricId, metric, limit } of judgedBy(row.plan)) {
    const found = await factsOfMetric(db, { owner: row.id, metricId, metric, limit, treatment, stages, off }, now)
    const subject = config && externalSubject(row, { id: metricId, metric }, { stages, config })
    facts.push(subject ? withSamples(found, await deps.externalSamples.upToNow(subject)) : found)
  }
  return facts
}
