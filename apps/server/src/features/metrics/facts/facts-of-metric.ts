import { eventsOf, type GuardrailFacts, type Limit, type MetricDefinition } from '@dimmer/rollout'
import { sql } from 'kysely'
import type { Db } from '../../../kernel/database.ts'
import { selectDurations } from './durations.ts'
import type { FactSubject } from './fact-subject.ts'
import { selectHistory } from './history.ts'
import { measureOf } from './measure-of.ts'
import { selectMinutes } from './minutes.ts'
import { shapeFacts } from './shape-facts.ts'
import { selectUnitNumbers } from './unit-numbers.ts'
import { updateFacts } from './update-facts.ts'

/** A metric, whose facts are wanted, and for whom. */
export interface FactsRequest extends Omit<FactSubject, 'measure'> {
  readonly metric: MetricDefinition
  readonly limit: Limit
}

/** When an event of one of these names last happened to any unit of this kind, epoch ms; undefined: never. */
async function selectLastEventAt(db: Db, { treatment, metric }: FactsRequest): Promise<number | undefined> {
  const { rows } = await sql<{ last_at: Date | null }>`
    select max(last_at) as last_at from event_names
    where environment_id = ${treatment.environmentId} and unit = ${treatment.unit}
      and name = any(${eventsOf(metric)}::text[]) and count > 0`.execute(db)
  return rows[0]?.last_at?.getTime()
}

/**
 * The facts of one metric as of now, brought up to date with all that has arrived. Of what is not measured on events,
 * they say who is in which group.
 */
export async function factsOfMetric(db: Db, request: FactsRequest, now: number): Promise<GuardrailFacts> {
  const { metricId: guardrailId, metric, limit, stages } = request
  const measure = measureOf(metric, limit)
  const series = await updateFacts(db, { ...request, measure }, now)
  return shapeFacts({
    guardrailId,
    metric,
    stages,
    numbers: await selectUnitNumbers(db, series),
    minutes: measure.minutes ? await selectMinutes(db, series) : undefined,
    durations: measure.durations ? await selectDurations(db, series) : undefined,
    history: measure.minutes || measure.sumsBefore ? await selectHistory(db, series) : {},
    lastEventAt: await selectLastEventAt(db, request),
  })
}
