import {
  defineMetric,
  type Guardrail,
  type Limit,
  type MetricDefinition,
  progress,
  type RolloutState,
  stageTemplates,
} from '@dimmer/rollout'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DECISIONS, NOW, RUNNING, SERIES, STARTED, withState } from '../../../../test/sample-rollout.ts'
import { bounds, errorRates, p95s, stageMoments, topOfScale } from './chart-data.ts'
import { holdDone } from './hold-done.ts'
import { intervalScale } from './interval-scale.ts'
import { newGoal, newGuardrail } from './judged-form.ts'
import {
  completePlan,
  newPlanForm,
  nextStage,
  type PlanForm,
  planProblems,
  stagesOf,
  templateOf,
  toPlanInput,
} from './plan-form.ts'
import { allowedActions, describeAction } from './rollout-actions.ts'
import { badgeWords, statusSentence } from './rollout-words.ts'
import { serverNow } from './server-now.ts'
import { boundWords, verdictBounds } from './verdict-bounds.ts'
import {
  chanceSentence,
  evidenceRows,
  goalAsGuardrail,
  guardrailName,
  limitWords,
  verdictLabel,
} from './verdict-words.ts'

const HOUR = 3_600_000
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const place = { stage: 1, stageStartedAt: STARTED, heldMs: 2 * HOUR }
const rolledBack: RolloutState = {
  ...place,
  status: 'rolled-back',
  rolledBackAt: NOW - 60_000,
  why: 'Rolled back from 25 % of accounts to 0 %.',
}

describe('time', () => {
  it('shows how much of the hold is over', () => {
    expect(progress(RUNNING.plan, RUNNING.state, NOW).map(holdDone)).toEqual([1, 0.25, 0, 0])
    expect(progress(RUNNING.plan, rolledBack, NOW).map(holdDone)).toEqual([1, 1, 0, 0])
  })

  it('never leaves 0 to 1, whatever the clocks say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), now =>
        progress(RUNNING.plan, RUNNING.state, now)
          .map(holdDone)
          .every(done => done >= 0 && done <= 1),
      ),
    )
  })

  it('believes a server whose clock is ahead', () => {
    expect(serverNow(1_000, [{ at: 5_000 }])).toBe(5_000)
    expect(serverNow(1_000, [])).toBe(1_000)
  })
})

describe('words of a rollout', () => {
  it('says where it stands', () => {
    expect(plain(badgeWords(RUNNING))).toBe('stage 2 of 4 · 25 %')
    expect(plain(statusSentence(RUNNING, NOW))).toBe(
      'Stage 2 of 4, 25 % of accounts. It may expand in 18 h at the earliest.',
    )
    expect(plain(statusSentence(RUNNING, NOW + 20 * HOUR))).toContain('The hold is over')
    expect(plain(statusSentence(withState(rolledBack), NOW))).toBe(
      '1 min ago: Rolled back from 25 % of accounts to 0 %.',
    )
    expect(plain(statusSentence(withState({ status: 'draft' }), NOW))).toBe(
      'Not started. Stage 1 would give on to 5 % of accounts.',
    )
  })

  it('offers what the state allows and says what it does', () => {
    expect(allowedActions('running')).toEqual(['pause', 'roll-back', 'abort'])
    expect(allowedActions('rolled-back')).toEqual([])
    expect(describeAction('roll-back', RUNNING)[0]).toBe('Everybody who has on through this rollout loses it.')
    const back = { ...RUNNING, plan: { ...RUNNING.plan, rollBack: 'to-previous-stage' as const } }
    expect(plain(describeAction('roll-back', back)[0] ?? '')).toBe(
      'The share goes back to 5 % of accounts; the others lose on.',
    )
  })
})

describe('words of a verdict', () => {
  const [errors] = RUNNING.verdicts
  const [errorRate, latency] = RUNNING.plan.guardrails

  it('names a guardrail and its limit', () => {
    if (errorRate === undefined || latency === undefined) throw new Error('the sample has two guardrails')
    expect(guardrailName(errorRate)).toBe('Error rate of pdf.generated')
    expect(limitWords(errorRate)).toBe('at most 2× the comparison group')
    expect(limitWords(latency)).toBe('p95 at most 3 s')
  })

  it('puts the groups side by side', () => {
    if (errors === undefined || errorRate === undefined) throw new Error('the sample has verdicts')
    expect(evidenceRows(errorRate, errors)[1]).toEqual({
      label: 'Units with a failed event',
      treated: '31 (1.05\u00a0%)',
      control: '88 (0.973\u00a0%)',
    })
  })

  it('speaks of a share, of money and of a factor in their own measure, and of no event where none counts', () => {
    if (errors === undefined) throw new Error('the sample has verdicts')
    const adoption = defineMetric({ kind: 'adoption', key: 'adoption', event: 'pdf.generated' })
    const revenue = defineMetric({ kind: 'revenue', key: 'revenue', event: 'paid' })
    const guard = (metric: MetricDefinition, limit: Limit): Guardrail => ({ id: 'm', kind: 'metric', metric, limit })
    expect(plain(limitWords(guard(adoption, { value: 0.15 })))).toBe('at least 15 %')
    expect(plain(boundWords(guard(adoption, { value: 0.15 }), 0.1234))).toBe('12.3 %')
    expect(boundWords(guard(revenue, { value: 12 }), 12.5)).toBe('12.5')
    expect(boundWords(guard(revenue, { ratio: 0.9 }), 0.95)).toBe('0.95×')
    const both = guard(adoption, { value: 0.15, ratio: 0.8 })
    expect([boundWords(both, 0.9, 0.8), plain(boundWords(both, 0.2, 0.15))]).toEqual(['0.9×', '20 %'])
    expect(evidenceRows(both, errors).map(({ label }) => label)).toEqual([
      'Units with a complete window',
      'Of them did it',
    ])
    expect(evidenceRows(guard(revenue, { value: 12 }), errors).map(({ label }) => label)).toEqual([
      'Units seen',
      'Events',
    ])
  })
})

it('says how much the numbers prove as chances', () => {
  const [verdict] = RUNNING.verdicts
  if (!verdict) throw new Error('the sample has verdicts')
  const evidence = { ...verdict.evidence, logE: Math.log(8.5), breachAt: Math.log(240), logEOk: 0, okAt: Math.log(20) }
  expect(chanceSentence({ evidence })).toBe(
    'Chance of such numbers without harm: below 1 in 8; a breach takes 1 in 240. ' +
      'Chance of them with more harm than is allowed: not small; the all-clear takes 1 in 20.',
  )
  expect(chanceSentence({ evidence: { ...evidence, logEOk: 1 }, goal: true })).toMatch(
    /below 1 in 2; needed is 1 in 20/,
  )
})

describe('verdictBounds', () => {
  it('puts a latency of the library on the same scale', () => {
    const metric = defineMetric({ kind: 'latency', key: 'l', event: 'pdf.generated' })
    const guardrail: Guardrail = { id: 'l', kind: 'metric', metric, limit: { value: 3_000 } }
    const [, verdict] = RUNNING.verdicts
    if (verdict === undefined) throw new Error('the sample has two guardrails')
    expect(verdictBounds(guardrail, verdict.evidence)).toEqual({
      limit: 0.05,
      estimate: 0.0007,
      lower: 0,
      upper: 0.004,
    })
    expect(plain(boundWords(guardrail, 0.05, 3_000))).toBe('5 %')
  })

  it('puts a latency on the scale of slow events', () => {
    const [, latency] = RUNNING.plan.guardrails
    const [, verdict] = RUNNING.verdicts
    if (latency === undefined || verdict === undefined) throw new Error('the sample has two guardrails')
    expect(verdictBounds(latency, verdict.evidence)).toEqual({ limit: 0.05, estimate: 0.0007, lower: 0, upper: 0.004 })
  })
})

describe('intervalScale', () => {
  it('puts all marks on the scale, in order', () => {
    const numbers = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e4, noNaN: true }), numbers, numbers, (limit, a, b) => {
        const scale = intervalScale({ limit, estimate: (a + b) / 2, lower: Math.min(a, b), upper: Math.max(a, b) })
        const inside = [scale.limit, scale.from, scale.to, scale.estimate ?? 0].every(at => at >= 0 && at <= 1)
        return inside && scale.from <= scale.to && scale.limit < 1
      }),
    )
  })

  it('leaves the end open when the upper bound is not known', () => {
    expect(intervalScale({ limit: 2, estimate: 1, lower: 0.5, upper: undefined })).toMatchObject({
      to: 1,
      openEnd: true,
    })
  })
})

describe('chart data', () => {
  it('has no rate where nothing happened', () => {
    const empty = { events: 0, failures: 0, p95Ms: null }
    const full = { events: 200, failures: 3, p95Ms: 812 }
    const points = [{ at: 5_000, treated: empty, control: full }]
    expect(errorRates(points, 1_000)).toEqual({ times: [5], lines: { treated: [null], control: [0.015] } })
    expect(p95s(points)).toEqual({ times: [5], lines: { treated: [null], control: [812] } })
  })

  it('adds up narrow slots to rates that mean something', () => {
    const slot = (index: number) => ({ events: 2, failures: index % 2, p95Ms: 1 })
    const points = Array.from({ length: 240 }, (_, at) => ({ at: at * 1_000, treated: slot(at), control: slot(0) }))
    const { times, lines } = errorRates(points, 1_000)
    expect(times.slice(0, 2)).toEqual([0, 4])
    expect(times).toHaveLength(60)
    expect(new Set(lines.treated)).toEqual(new Set([0.25]))
    expect(new Set(lines.control)).toEqual(new Set([0]))
  })

  it('leaves a gap where a slot is missing', () => {
    const group = { events: 4, failures: 1, p95Ms: 1 }
    const points = [0, 1_000, 3_000].map(at => ({ at, treated: group, control: group }))
    expect(errorRates(points, 1_000)).toMatchObject({
      times: [0, 1, 2, 3],
      lines: { treated: [0.25, 0.25, null, 0.25] },
    })
    expect(errorRates([], 1_000).times).toEqual([])
  })

  it('keeps the limit in view when an early bound is wild', () => {
    const wide = [500, 2.5, 2.1]
    expect(topOfScale(2, { main: [[1.1, 1.2, 1.0]], wide })).toBe(6)
    expect(topOfScale(2, { main: [[9, 8]], wide })).toBeCloseTo(9.9)
    expect(topOfScale(undefined, { main: [[0.01, null]] })).toBeCloseTo(0.011)
  })

  it('has one line per look for the estimate and each bound', () => {
    const looks = SERIES.looks.errors ?? []
    const data = bounds(looks)
    expect(data.times).toHaveLength(looks.length)
    expect(data.lines.upper).toHaveLength(looks.length)
  })

  it('marks when each stage began', () => {
    expect(stageMoments(RUNNING.plan, DECISIONS).map(one => plain(one.label))).toEqual(['5 %', '25 %'])
  })
})

describe('a goal', () => {
  const metric = defineMetric({ kind: 'adoption', key: 'adoption', event: 'pdf.generated' })

  it('is shown as a guardrail is, with its target, and is reached or not', () => {
    const shown = goalAsGuardrail({ id: 'aim', metric, target: 0.3 })
    expect(plain(limitWords(shown))).toBe('at least 30 %')
    expect([
      verdictLabel({ kind: 'ok', goal: true }),
      verdictLabel({ kind: 'inconclusive', goal: true }),
      verdictLabel({ kind: 'no-data', goal: true }),
      verdictLabel({ kind: 'ok' }),
    ]).toEqual(['Reached', 'Not reached yet', 'No data', 'OK'])
  })
})

describe('plan form with metrics of the library', () => {
  const adoption = defineMetric({ kind: 'adoption', key: 'adoption', event: 'pdf.exported', version: 3 })
  const tickets = defineMetric({ kind: 'tickets', key: 'error-rate' })
  const form: PlanForm = {
    ...newPlanForm({ variants: { on: true, off: false } }, 'off'),
    errorRate: { on: true, event: 'pdf.generated', maxRatio: 2 },
    guardrails: [
      { ...newGuardrail(adoption, ['value', 'ratio']), value: 15, onBreach: 'pause' },
      { ...newGuardrail(tickets, ['value', 'ratio', 'total']), total: 10, weight: 2 },
    ],
    goals: [{ ...newGoal(adoption), target: 30, fromStage: 1 }],
  }
  const place = { flag: 'f', environment: 'production' }

  it('names them by key and version, with limits in their own measure and ids that nobody else has', () => {
    const { guardrails, goals } = toPlanInput(form, place, [adoption, tickets])
    expect(guardrails?.slice(1)).toEqual([
      {
        kind: 'metric',
        id: 'adoption',
        name: 'Adoption',
        metric: { key: 'adoption', version: 3 },
        limit: { value: 0.15, ratio: 0.9 },
        policy: { breached: 'pause' },
      },
      {
        kind: 'metric',
        id: 'metric-error-rate',
        name: 'Support tickets',
        metric: { key: 'error-rate', version: 1 },
        limit: { ratio: 2, total: 10 },
        weight: 2,
      },
    ])
    expect(goals).toEqual([
      { id: 'goal-adoption', name: 'Adoption', metric: { key: 'adoption', version: 3 }, target: 0.3, fromStage: 1 },
    ])
  })

  it('says what is wrong where it is, as the server would', () => {
    expect(planProblems(completePlan(form, place, [adoption, tickets])).size).toBe(0)
    const odd = { ...form, guardrails: [{ ...newGuardrail(adoption, ['ratio']), ratio: 2 }], goals: [] }
    const found = planProblems(completePlan(odd, place, [adoption]))
    expect([...found.keys()]).toEqual(['guardrails[1]'])
    expect(found.get('guardrails[1]')).toMatch(/between 0 and 1 where lower is worse/)
  })
})

const NO_ERRORS = { on: false, event: '', maxRatio: 2 }

describe('plan form', () => {
  it('starts with the canary and the variant that is not the off one', () => {
    const form = newPlanForm({ variants: { on: true, off: false } }, 'off')
    expect(form.variant).toBe('on')
    expect(form.stages.map(stage => stage.percent)).toEqual([5, 25, 50, 100])
  })

  it('begins with the stages of a template, each of which can be carried out, and knows when they were changed', () => {
    const form = { ...newPlanForm({ variants: { on: true, off: false } }, 'off'), errorRate: NO_ERRORS }
    for (const template of stageTemplates) {
      const stages = stagesOf(template)
      expect(templateOf(stages)).toBe(template)
      expect(planProblems(completePlan({ ...form, stages }, { flag: 'f', environment: 'production' }, [])).size).toBe(0)
      expect(templateOf(stages.map(stage => ({ ...stage, percent: stage.percent / 2 })))).toBeUndefined()
    }
  })

  it('says in which stage something is wrong', () => {
    const form = { ...newPlanForm({ variants: { on: true, off: false } }, 'off'), errorRate: NO_ERRORS }
    const stages = form.stages.map(stage => ({ ...stage, percent: stage.percent === 25 ? 5 : stage.percent }))
    const found = planProblems(completePlan({ ...form, stages }, { flag: 'f', environment: 'production' }, []))
    expect([...found]).toEqual([['stages[1]', expect.stringContaining('5 % follows 5 %')]])
  })

  it('becomes a plan', () => {
    const form = newPlanForm({ variants: { on: true, off: false } }, 'off')
    const errorRate = { on: true, event: ' pdf.generated ', maxRatio: 2 }
    const plan = toPlanInput({ ...form, errorRate }, { flag: 'f', environment: 'production' }, [])
    expect(plan.guardrails).toEqual([{ kind: 'error-rate', id: 'error-rate', event: 'pdf.generated', maxRatio: 2 }])
    expect(plan.stages[0]).toEqual({ name: 'Canary', percent: 5, hold: 'P1D' })
  })

  it('proposes a next stage that grows', () => {
    const hold = { amount: 1, unit: 'days' } as const
    expect(nextStage([{ name: '', percent: 50, hold }])).toEqual({ name: '', percent: 75, hold })
    expect(nextStage([{ name: '', percent: 99.5, hold }]).percent).toBe(100)
  })
})
