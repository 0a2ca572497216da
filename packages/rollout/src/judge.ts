import { missingData, sickness } from './data-health.ts'
import { readErrorRate } from './error-rate/judge-error-rate.ts'
import { type GuardrailFacts, shapeOf } from './facts.ts'
import { metricOf } from './guardrail-metric.ts'
import { readGoal } from './judge-goal.ts'
import { readLatency } from './judge-latency.ts'
import { eventLook, readMetric } from './judge-metric.ts'
import { alphaShare, type Look, type Reading } from './look.ts'
import { eventsOf, isDefined, type MetricChoice } from './metrics/metric.ts'
import type { Goal, Guardrail, RolloutPlan } from './plan.ts'
import type { Verdict } from './verdict.ts'

function read(guardrail: Guardrail, look: Look): Reading {
  switch (guardrail.kind) {
    case 'error-rate':
      return readErrorRate(guardrail, eventLook(look))
    case 'latency':
      return readLatency(guardrail, eventLook(look))
    case 'metric':
      return readMetric(guardrail, look)
  }
}

/** What is measured, for sentences: the event where there is one. */
function metricName(metric: MetricChoice): string {
  return isDefined(metric) ? (eventsOf(metric)[0] ?? metric.name) : metric.key
}

/** What a guardrail or goal without facts is judged on. */
function noFacts(id: string, choice: MetricChoice): GuardrailFacts {
  const shape = isDefined(choice) ? shapeOf(choice) : 'events'
  const none = { guardrailId: id, stages: [], lastEventAt: undefined }
  return shape === 'samples' ? { ...none, shape, samples: [] } : { ...none, shape }
}

/** How far the numbers can be trusted comes before what they say, unless they prove harm. */
function verdictOf(id: string, reading: Reading, at: { look: Look; name: string }): Verdict {
  const { look, name } = at
  const { kind, sentence, evidence } = reading
  const as = (verdict: Pick<Verdict, 'kind' | 'sentence'>): Verdict => ({
    guardrailId: id,
    ...verdict,
    evidence,
    at: look.at,
  })
  if (kind === 'breached') return as({ kind, sentence })
  const sick = sickness(look)
  if (sick !== undefined) return as({ kind: 'sick-sample', sentence: sick })
  const missing = missingData(name, look)
  if (missing !== undefined) return as({ kind: 'no-data', sentence: missing })
  return as({ kind, sentence })
}

function judgeGoal(plan: RolloutPlan, goal: Goal, given: Pick<Look, 'facts' | 'at' | 'bounds'>): Verdict {
  const look: Look = { plan, ...given, alpha: plan.alpha }
  return { ...verdictOf(goal.id, readGoal(goal, look), { look, name: metricName(goal.metric) }), goal: true }
}

function judgeGuardrail(
  plan: RolloutPlan,
  guardrail: Guardrail,
  given: Pick<Look, 'facts' | 'at' | 'bounds'>,
): Verdict {
  const look: Look = { plan, ...given, alpha: alphaShare(plan, guardrail) }
  const { metric } = metricOf(guardrail)
  return verdictOf(guardrail.id, read(guardrail, look), { look, name: metricName(metric) })
}

/** `bounds: false` leaves out the bounds of error rates, which decide nothing and cost the most. */
export interface JudgeOptions {
  readonly bounds?: boolean
}

/**
 * Judges one guardrail or goal on the facts up to `now` (epoch ms). The same facts give the same verdict.
 *
 * Order: a proven breach counts whatever else is wrong; then a sick sample, then missing data, then ok or inconclusive.
 * Valid at every look: over the whole life of the rollout the chance that any guardrail is falsely breached is at most `plan.alpha`.
 * Throws a RangeError when the plan has no guardrail or goal with this id, or the facts contradict themselves (an event before its unit's entry).
 */
export function judge(
  plan: RolloutPlan,
  facts: GuardrailFacts,
  now: number,
  { bounds = true }: JudgeOptions = {},
): Verdict {
  const given = { facts, at: now, bounds }
  const guardrail = plan.guardrails.find(({ id }) => id === facts.guardrailId)
  if (guardrail) return judgeGuardrail(plan, guardrail, given)
  const goal = plan.goals?.find(({ id }) => id === facts.guardrailId)
  if (goal) return judgeGoal(plan, goal, given)
  throw new RangeError(`the plan has no guardrail "${facts.guardrailId}"`)
}

/** One verdict per guardrail of the plan and then per goal, in its order. One without facts gets `no-data`. */
export function judgeAll(
  plan: RolloutPlan,
  facts: readonly GuardrailFacts[],
  now: number,
  { bounds = true }: JudgeOptions = {},
): Verdict[] {
  const given = (id: string, metric: MetricChoice): Pick<Look, 'facts' | 'at' | 'bounds'> => {
    const own = facts.find(({ guardrailId }) => guardrailId === id)
    return { facts: own ?? noFacts(id, metric), at: now, bounds }
  }
  return [
    ...plan.guardrails.map(one => judgeGuardrail(plan, one, given(one.id, metricOf(one).metric))),
    ...(plan.goals ?? []).map(goal => judgeGoal(plan, goal, given(goal.id, goal.metric))),
  ]
}
