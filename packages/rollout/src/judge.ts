import { missingData, sickness } from './data-health.ts'
import { readErrorRate } from './error-rate/judge-error-rate.ts'
import type { GuardrailFacts } from './facts.ts'
import { readLatency } from './judge-latency.ts'
import { eventLook, readMetric } from './judge-metric.ts'
import { alphaShare, type Look, type Reading } from './look.ts'
import { eventsOf, isDefined } from './metrics/metric.ts'
import type { Guardrail, RolloutPlan } from './plan.ts'
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

/** What the guardrail is measured on, for sentences. */
function nameOf(guardrail: Guardrail): string {
  if (guardrail.kind !== 'metric') return guardrail.event
  const { metric } = guardrail
  return isDefined(metric) ? (eventsOf(metric)[0] ?? metric.name) : metric.key
}

function judgeGuardrail(
  plan: RolloutPlan,
  guardrail: Guardrail,
  given: Pick<Look, 'facts' | 'at' | 'bounds'>,
): Verdict {
  const look: Look = { plan, ...given, alpha: alphaShare(plan, guardrail) }
  const { kind, sentence, evidence } = read(guardrail, look)
  const as = (verdict: Pick<Verdict, 'kind' | 'sentence'>): Verdict => ({
    guardrailId: guardrail.id,
    ...verdict,
    evidence,
    at: look.at,
  })
  if (kind === 'breached') return as({ kind, sentence })
  const sick = sickness(look)
  if (sick !== undefined) return as({ kind: 'sick-sample', sentence: sick })
  const missing = missingData(nameOf(guardrail), look)
  if (missing !== undefined) return as({ kind: 'no-data', sentence: missing })
  return as({ kind, sentence })
}

/** `bounds: false` leaves out the bounds of error rates, which decide nothing and cost the most. */
export interface JudgeOptions {
  readonly bounds?: boolean
}

/**
 * Judges one guardrail on the facts up to `now` (epoch ms). The same facts give the same verdict.
 *
 * Order: a proven breach counts whatever else is wrong; then a sick sample, then missing data, then ok or inconclusive.
 * Valid at every look: over the whole life of the rollout the chance that any guardrail is falsely breached is at most `plan.alpha`.
 * Throws a RangeError when the plan has no guardrail with this id, or the facts contradict themselves (an event before its unit's entry).
 */
export function judge(
  plan: RolloutPlan,
  facts: GuardrailFacts,
  now: number,
  { bounds = true }: JudgeOptions = {},
): Verdict {
  const guardrail = plan.guardrails.find(({ id }) => id === facts.guardrailId)
  if (!guardrail) throw new RangeError(`the plan has no guardrail "${facts.guardrailId}"`)
  return judgeGuardrail(plan, guardrail, { facts, at: now, bounds })
}

/** One verdict per guardrail of the plan, in its order. A guardrail without facts gets `no-data`. */
export function judgeAll(
  plan: RolloutPlan,
  facts: readonly GuardrailFacts[],
  now: number,
  { bounds = true }: JudgeOptions = {},
): Verdict[] {
  return plan.guardrails.map(guardrail => {
    const own = facts.find(({ guardrailId }) => guardrailId === guardrail.id)
    const none: GuardrailFacts = { guardrailId: guardrail.id, stages: [], lastEventAt: undefined }
    return judgeGuardrail(plan, guardrail, { facts: own ?? none, at: now, bounds })
  })
}
