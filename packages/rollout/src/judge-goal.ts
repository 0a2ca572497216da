import { readMetric } from './judge-metric.ts'
import { isBeyond, measure } from './judges/settle.ts'
import { type Look, OK_AT, type Reading } from './look.ts'
import { isDefined, type MetricDefinition } from './metrics/metric.ts'
import type { Goal } from './plan.ts'
import { goalFloor } from './validate-goals.ts'
import { count, plural } from './wording.ts'

/** Level of a goal's own proof. Goals roll nobody back, so they spend nothing of the plan's alpha. */
const GOAL_ALPHA = 0.05

const opposite = ({ worse }: MetricDefinition): { worse: MetricDefinition['worse'] } => ({
  worse: worse === 'higher' ? 'lower' : 'higher',
})

function readLatencyGoal(goal: Goal, metric: MetricDefinition, look: Look): Reading {
  const reading = readMetric({ metric, limit: { value: goal.target } }, look)
  return { ...reading, kind: reading.kind === 'ok' ? 'ok' : 'inconclusive' }
}

/**
 * Whether a goal is reached: the estimate is at or beyond the target, and what lies beyond the floor on the bad side is
 * excluded at 0.05 by the reader of the metric's limit (its source, null and exactness). A latency goal: the limit is proven.
 * Throws a RangeError for a metric that isn't defined.
 */
export function readGoal(goal: Goal, look: Look): Reading {
  const { metric, target } = goal
  if (!isDefined(metric)) throw new RangeError(`metric "${metric.key}" version ${metric.version} is not defined`)
  const at: Look = { ...look, alpha: GOAL_ALPHA }
  if (metric.kind === 'latency') return readLatencyGoal(goal, metric, at)
  const floor = goalFloor(goal, metric)
  const { evidence } = readMetric({ metric, limit: { value: floor } }, at)
  const { estimate, logEOk, units } = evidence
  const there = estimate !== undefined && isBeyond(opposite(metric), estimate, target)
  const sure = logEOk >= OK_AT
  const show = (value: number): string => measure(metric, 'value', value)
  const wanted = `goal ${metric.worse === 'lower' ? 'at least' : 'at most'} ${show(target)}`
  const who = `${count(units.treated)} exposed ${plural(look.plan.unit)}`
  const now = estimate === undefined ? 'not known yet' : show(estimate)
  const doubt = sure ? '' : `, and ${show(floor)} is not excluded`
  const state = there && sure ? 'reached' : there ? `there${doubt}` : `not reached yet${doubt}`
  return {
    kind: there && sure ? 'ok' : 'inconclusive',
    sentence: `${metric.name} of ${who} is ${now} (${wanted}): ${state}.`,
    evidence: { ...evidence, limit: target },
  }
}
