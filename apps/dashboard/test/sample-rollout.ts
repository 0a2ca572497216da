import type { DecisionView, RolloutSeries, RolloutView } from '@dimmer/protocol'
import { canaryTemplate, type Evidence, type RolloutState, type Verdict } from '@dimmer/rollout'

const HOUR = 3_600_000
export const STARTED = Date.parse('2026-03-02T09:00:00.000Z')
/** Six hours into the second stage. */
export const NOW: number = STARTED + 30 * HOUR

const plan = canaryTemplate({
  flag: 'new-pdf-engine',
  environment: 'production',
  variant: 'on',
  unit: 'account',
  guardrails: [
    { kind: 'error-rate', id: 'errors', event: 'pdf.generated', maxRatio: 2 },
    { kind: 'latency', id: 'latency', event: 'pdf.generated', quantile: 0.95, maxMs: 3_000 },
  ],
})

const evidence: Evidence = {
  limit: 2,
  estimate: 1.1,
  lower: 0.61,
  upper: 1.92,
  logE: -0.4,
  breachAt: 3.69,
  logEOk: 2.1,
  okAt: 3,
  units: { treated: 2_961, control: 9_043 },
  unitsHit: { treated: 31, control: 88 },
  events: { treated: 18_204, control: 55_310 },
  eventsHit: { treated: 35, control: 97 },
}

const errors: Verdict = {
  guardrailId: 'errors',
  kind: 'inconclusive',
  sentence:
    'First errors come 1.1x as fast as in the comparison group; between 0.61x and 1.92x, so 2x is not ruled out yet.',
  evidence,
  at: NOW - 4_000,
}

const latency: Verdict = {
  guardrailId: 'latency',
  kind: 'ok',
  sentence:
    '0.07 % of pdf.generated of exposed accounts took longer than 3,000 ms (0 % to 0.4 %); p95 allows 5 %. Fewer than 5 % are slow (95 % sure).',
  evidence: {
    ...evidence,
    limit: 3_000,
    estimate: undefined,
    lower: undefined,
    upper: undefined,
    slow: { allowed: 0.05, estimate: 0.0007, lower: 0, upper: 0.004 },
    logEOk: 4.2,
    eventsHit: { treated: 12, control: 40 },
  },
  at: NOW - 4_000,
}

/** A rollout of the sample flag that is six hours into its second stage. */
export const RUNNING: RolloutView = {
  id: 'r-1',
  flag: plan.flag,
  environment: plan.environment,
  plan,
  state: {
    status: 'running',
    phase: 'exposing',
    stage: 1,
    stageStartedAt: STARTED + 24 * HOUR,
    holdingSince: STARTED + 24 * HOUR,
    heldMs: 0,
  },
  revision: 3,
  createdAt: new Date(STARTED).toISOString(),
  verdicts: [errors, latency],
  exposedUnits: 2_961,
}

export const withState = (state: RolloutState): RolloutView => ({ ...RUNNING, state })

const decision = (
  id: number,
  hours: number,
  change: Pick<DecisionView, 'kind' | 'because' | 'sentence'> & Partial<DecisionView>,
): DecisionView => ({
  id,
  at: new Date(STARTED + hours * HOUR).toISOString(),
  actor: { kind: 'controller', name: 'controller' },
  note: null,
  version: 7 + id,
  stage: 0,
  verdicts: [],
  ...change,
})

export const DECISIONS: readonly DecisionView[] = [
  decision(1, 0, {
    kind: 'start',
    toStage: 0,
    because: { code: 'person' },
    actor: { kind: 'person', name: 'Mara' },
    note: 'PDF team is on call.',
    sentence: 'Started: 5 % of accounts get "on".',
  }),
  decision(2, 12, {
    kind: 'hold',
    because: { code: 'inconclusive', guardrailId: 'errors' },
    version: null,
    sentence: 'Stays at 5 %: 2x the error rate of the comparison group is not ruled out yet.',
    verdicts: [errors],
  }),
  decision(3, 24, {
    kind: 'expand',
    toStage: 1,
    stage: 1,
    because: { code: 'all-clear' },
    sentence: 'Expanded from 5 % to 25 % of accounts: the hold is over and both guardrails are ok.',
    verdicts: [{ ...errors, kind: 'ok' }, latency],
  }),
]

const wave = (index: number, period: number) => Math.sin((index / period) * 2 * Math.PI)
const slots = Array.from({ length: 60 }, (_, index) => index)

export const SERIES: RolloutSeries = {
  widthMs: HOUR / 2,
  events: {
    'pdf.generated': slots.map(index => ({
      at: STARTED + index * (HOUR / 2),
      treated: {
        events: index < 48 ? 60 : 290,
        failures: index < 48 ? (index % 19 === 7 ? 1 : 0) : 1,
        p95Ms: 840 + 120 * wave(index, 14),
      },
      control: { events: 1_140, failures: 2 + (index % 3), p95Ms: 1_010 + 90 * wave(index + 4, 17) },
    })),
  },
  looks: {
    errors: slots.slice(3).map(index => ({
      at: STARTED + index * (HOUR / 2),
      kind: 'inconclusive',
      limit: 2,
      estimate: 1.1 + 0.5 * Math.exp(-index / 12) * wave(index, 9),
      lower: 1.1 - 2.4 / Math.sqrt(index + 4),
      upper: 1.1 + 6 / Math.sqrt(index - 1),
      logE: 0.2,
      stage: index < 48 ? 0 : 1,
    })),
    latency: slots.slice(3).map(index => ({
      at: STARTED + index * (HOUR / 2),
      kind: 'ok',
      limit: 3_000,
      estimate: 0.0007 + 0.0003 * wave(index, 11),
      lower: 0,
      upper: 0.004 + 0.2 / index,
      logE: -3,
      stage: index < 48 ? 0 : 1,
    })),
  },
}
