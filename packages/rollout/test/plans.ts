import type {
  ErrorRateGuardrail,
  LatencyGuardrail,
  PlanInput,
  RolloutPlan,
  Verdict,
  VerdictKind,
} from '@dimmer/rollout'
import { canaryTemplate, withDefaults } from '@dimmer/rollout'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** 2 March 2026, 10:00 UTC */
export const T0: number = Date.UTC(2026, 2, 2, 10)

export const ERROR_RATE: ErrorRateGuardrail = { id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 2 }
export const LATENCY: LatencyGuardrail = {
  id: 'p95',
  kind: 'latency',
  event: 'pdf.generated',
  quantile: 0.95,
  maxMs: 800,
}

const PDF_ENGINE = { flag: 'new-pdf-engine', environment: 'production', variant: 'on', unit: 'account' }

/** The sample rollout: 5 -> 25 -> 50 -> 100 % of accounts, a day each. */
export function canary(change: Partial<PlanInput> = {}): RolloutPlan {
  const plan = canaryTemplate({ ...PDF_ENGINE, guardrails: [ERROR_RATE, LATENCY] })
  return withDefaults({ ...plan, ...change })
}

/** A verdict as the judge gives it, without evidence worth reading. */
export function verdict(guardrailId: string, kind: VerdictKind, at: number): Verdict {
  const none = { treated: 0, control: 0 }
  return {
    guardrailId,
    kind,
    at,
    sentence: `${guardrailId} is ${kind}.`,
    evidence: {
      limit: 2,
      estimate: undefined,
      lower: undefined,
      upper: undefined,
      logE: 0,
      breachAt: 4,
      logEOk: 0,
      okAt: 3,
      units: none,
      unitsHit: none,
      events: none,
      eventsHit: none,
    },
  }
}

/** The same verdict on every guardrail of the plan. */
export function verdicts(plan: RolloutPlan, kind: VerdictKind, at: number): Verdict[] {
  return plan.guardrails.map(({ id }) => verdict(id, kind, at))
}
