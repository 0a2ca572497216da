import { createHash } from 'node:crypto'
import type { ArmOutcome, MetricDefinition } from '@dimmer/rollout'
import { sql } from 'kysely'
import type { Db } from '../../../kernel/database.ts'
import type { Measure, Period, Treatment } from './fact-subject.ts'
import { FIELDS } from './fold-events.ts'
import { measureOf } from './measure-of.ts'
import { outcomeOf } from './shape-facts.ts'
import { selectUnitNumbers } from './unit-numbers.ts'
import { updateFacts } from './update-facts.ts'

/** A metric, and the split whose variants are compared by it. */
export interface VariantRequest {
  readonly metric: MetricDefinition
  readonly treatment: Treatment & { readonly compare: 'variants' }
  /** When the split began to be as it is; epoch ms. */
  readonly startedAt: number
  readonly off: readonly Period[]
}

/** Distinct units per variant, units with several variants, and one outcome for each of the former. */
export interface VariantOutcomes {
  readonly seen: Readonly<Record<string, number>>
  readonly crossed: number
  readonly outcomes: readonly ArmOutcome[]
}

/** What is counted names the series, so that everybody who asks for it shares one. */
const nameOf = (measure: Measure): string => createHash('sha256').update(JSON.stringify(measure)).digest('hex')

/** Owners of series that were asked for, not needed to steer: they may be forgotten. */
export const READ_ONLY_OWNER = 'split:'

/** Kinds of metrics that mean the same in a window before the first exposure as in the one after it. */
const HAS_HISTORY: ReadonlySet<string> = new Set(['mean', 'revenue', 'adoption', 'activation', 'conversion'])

/**
 * The same measure over a window just as long, up to the unit's first exposure to the flag by whatever rule: nothing
 * that the flag may have changed is in it.
 */
async function selectHistory(db: Db, series: number, treatment: Treatment, measure: Measure) {
  const { environmentId, flagKey, unit } = treatment
  const { event, field } = measure.of
  const ends = sql`
    select unit_id, min(first_at) as ends from unit_exposures
    where environment_id = ${environmentId} and flag_key = ${flagKey} and unit = ${unit} group by unit_id`
  const window = sql`${measure.withinMs} * interval '1 millisecond'`
  // Constants for the query below: with them the database looks into no more days than it must.
  const bounds = await sql<{ kind: number | null; day: string }>`
    select (select id from event_names where environment_id = ${environmentId} and name = ${event} and unit = ${unit}) as kind,
      ((min(ends) - ${window}) at time zone 'UTC')::date::text as day
    from (${ends}) units`.execute(db)
  const { kind = null, day = null } = bounds.rows[0] ?? {}
  const { rows } = await sql<{ unitId: string; total: number }>`
    with units as materialized (${ends}),
    sums as materialized (
      select e.unit_id, sum((${FIELDS[field]})::numeric)::float8 as total
      from events e join units u on u.unit_id = e.unit_id
      where e.kind = ${kind}::integer and e.received_on >= ${day}::date and e.at < u.ends and e.at >= u.ends - ${window}
      group by e.unit_id
    )
    select f.unit_id as "unitId", coalesce(sums.total, 0) as total
    from unit_facts f left join sums on sums.unit_id = f.unit_id
    where f.series = ${series} and f.role = 'treated'`.execute(db)
  return new Map(rows.map(({ unitId, total }) => [unitId, total]))
}

function tally(variants: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const variant of variants) counts[variant] = (counts[variant] ?? 0) + 1
  return counts
}

/** A total as the metric sees it: reached or not, or the total itself. */
const historyValue = ({ kind }: MetricDefinition, total: number): number =>
  kind === 'mean' || kind === 'revenue' ? total : Math.min(1, total)

/**
 * What became of the units of each variant of a split, brought up to date with all that has arrived. Undefined for what
 * is not measured on events.
 */
export async function outcomesByVariant(
  db: Db,
  { metric, treatment, startedAt, off }: VariantRequest,
  now: number,
): Promise<VariantOutcomes | undefined> {
  const measure = measureOf(metric, {})
  if (measure === undefined) return undefined
  const { environmentId, flagKey, ruleId, fromVersion, untilVersion } = treatment
  const owner = `${READ_ONLY_OWNER}${JSON.stringify([environmentId, flagKey, ruleId])}`
  const stages = [{ stage: 0, share: 1, fromVersion, untilVersion, startedAt, endedAt: null }]
  const series = await updateFacts(db, { owner, metricId: nameOf(measure), treatment, stages, measure, off }, now)
  const units = await selectUnitNumbers(db, series)
  const history = HAS_HISTORY.has(metric.kind) ? await selectHistory(db, series, treatment, measure) : undefined
  const treated = units.filter(({ role }) => role === 'treated')
  return {
    seen: tally(treated.map(({ variant }) => variant)),
    crossed: units.filter(({ role }) => role === 'crossed').length,
    outcomes: treated.flatMap(unit => {
      const { unitId, variant } = unit
      const outcome = outcomeOf(metric, unit)
      if (outcome === undefined) return []
      const before = history?.get(unitId)
      return [{ unitId, variant, ...outcome, ...(before !== undefined && { before: historyValue(metric, before) }) }]
    }),
  }
}
