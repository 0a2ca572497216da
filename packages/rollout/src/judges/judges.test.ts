import {
  type Arm,
  type CountFact,
  canaryTemplate,
  decide,
  defineMetric,
  type Goal,
  type GuardrailFacts,
  judgeAll,
  type Limit,
  type MetricDefinition,
  type OutcomeFact,
  type OutcomeFacts,
  type RolloutPlan,
  type Running,
} from '@dimmer/rollout'
import { LogHistogram } from '@dimmer/stats'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../stats/test/random.ts'
import { DAY, HOUR, T0 } from '../../test/plans.ts'

const NOW = T0 + 20 * DAY
const USED = defineMetric({ kind: 'adoption', key: 'adoption', event: 'used' })
const CONVERSION = defineMetric({ kind: 'conversion', key: 'conversion', event: 'bought' })
const REVENUE = defineMetric({ kind: 'revenue', key: 'revenue', event: 'payment' })
const TICKETS = defineMetric({ kind: 'tickets', key: 'tickets' })

const base = canaryTemplate({ flag: 'f', environment: 'e', variant: 'on', unit: 'account' })
const planOf = (metric: MetricDefinition, limit: Limit): RolloutPlan => ({
  ...base,
  guardrails: [{ id: 'm', kind: 'metric', metric, limit }],
})
const frame = { stage: 0, share: 0.05, startedAt: T0, crossed: 0, seen: { treated: 0, control: 0 } }

const outcome = (arm: Arm, index: number, value: number): OutcomeFact => ({
  unitId: `${arm} ${index}`,
  arm,
  enteredAt: T0,
  maturesAt: T0 + 7 * DAY + index,
  value,
})
const outcomes = (units: readonly OutcomeFact[], share = 0.05): OutcomeFacts => ({
  guardrailId: 'm',
  shape: 'outcomes',
  lastEventAt: NOW,
  stages: [{ ...frame, share, units }],
})
const shareOf = (arm: Arm, hits: number, all: number): OutcomeFact[] =>
  Array.from({ length: all }, (_, index) => outcome(arm, index, (index * 7919) % all < hits ? 1 : 0))

function look(metric: MetricDefinition, limit: Limit, facts: GuardrailFacts, now = NOW) {
  const [verdict] = judgeAll(planOf(metric, limit), [facts], now)
  if (!verdict) throw new Error('no verdict')
  return verdict
}

describe('a share of units against a limit', () => {
  it('is breached far below its floor, ok far above, inconclusive between and on small bases', () => {
    const at = (hits: number, all: number) => look(USED, { value: 0.15 }, outcomes(shareOf('treated', hits, all)))
    expect(at(10, 300)).toMatchObject({ kind: 'breached', evidence: { estimate: 10 / 300 } })
    expect(at(10, 300).sentence).toMatch(
      /^Adoption of exposed accounts is 3.3 % \(.+ to .+, limit at least 15 %; 300 exposed/,
    )
    expect(at(90, 300).kind).toBe('ok')
    expect(at(50, 300).kind).toBe('inconclusive')
    expect(at(2, 20).kind).toBe('inconclusive')
  })

  it('waits for the window of each unit, early successes too', () => {
    const facts = outcomes(shareOf('treated', 90, 300))
    expect(look(USED, { value: 0.15 }, facts, T0 + DAY)).toMatchObject({
      kind: 'no-data',
      sentence: 'No newly exposed account has completed its window for used since stage 1 began.',
    })
  })

  it('is no breach when the comparison group breaks the limit too', () => {
    const facts = outcomes([...shareOf('treated', 10, 300), ...shareOf('control', 100, 3000)])
    expect(look(CONVERSION, { value: 0.15 }, facts).kind).toBe('inconclusive')
    expect(look(CONVERSION, { value: 0.15 }, facts).sentence).toContain('The others break this limit too')
  })

  it('is judged against the comparison group, by units that matured before the next stage', () => {
    const facts = (hits: number) =>
      outcomes([...shareOf('treated', hits, 500), ...shareOf('control', 2000, 4000)], 0.11)
    const plan = { ...planOf(CONVERSION, { ratio: 0.8 }), stages: [{ percent: 11, hold: 'PT1H' }] }
    const kind = (hits: number) => judgeAll(plan, [facts(hits)], NOW)[0]?.kind
    expect(kind(100)).toBe('breached')
    expect(kind(250)).not.toBe('breached')
    const next = { ...frame, stage: 1, share: 0.5, startedAt: T0 + DAY, units: [] }
    const early = facts(100)
    expect(judgeAll(plan, [{ ...early, stages: [...early.stages, next] }], NOW)[0]?.kind).not.toBe('breached')
  })
})

describe('money per unit', () => {
  const population = (drop: number, seed: number, share: number): GuardrailFacts => {
    const random = seededRandom(seed)
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const units = Array.from({ length: 3000 }, (_, index) => {
      const arm: Arm = random() < share ? 'treated' : 'control'
      const value = random() < 0.8 ? 0 : Math.exp(3 + 1.8 * normal()) * (arm === 'treated' ? 1 - drop : 1)
      return outcome(arm, index, value)
    })
    return { ...outcomes(units, share), history: { mean: 15, sd: 100, p99: 400 } }
  }

  it('is almost never falsely breached with 5 % exposed, where an asymptotic test often is', () => {
    const plan = planOf(REVENUE, { ratio: 0.9 })
    const breached = Array.from({ length: 60 }, (_, seed) =>
      judgeAll(plan, [population(0, seed + 1, 0.05)], NOW),
    ).filter(([verdict]) => verdict?.kind === 'breached')
    expect(breached.length).toBeLessThanOrEqual(3)
  })

  it('is breached when most of it is gone', () => {
    const verdict = look(REVENUE, { ratio: 0.9 }, population(0.8, 5, 0.25))
    expect(verdict.kind).toBe('breached')
    expect(verdict.sentence).toContain("the others'")
    expect(verdict.sentence).toMatch(/\d{3} exposed accounts and 2,\d{3} others/)
  })
})

describe('tickets', () => {
  const facts = (treated: number, control: number): GuardrailFacts => {
    const unit = (arm: Arm, index: number, filed: boolean): CountFact => ({
      arm,
      enteredAt: T0,
      count: filed ? 1 : 0,
      ...(filed && { firstAt: T0 + HOUR + index }),
    })
    const units = [
      ...Array.from({ length: 100 }, (_, index) => unit('treated', index, index < treated)),
      ...Array.from({ length: 1900 }, (_, index) => unit('control', index, index < control)),
    ]
    return { guardrailId: 'm', shape: 'counts', lastEventAt: undefined, stages: [{ ...frame, units }] }
  }

  it('are breached above the comparison group, above a rate, and at the end of a budget', () => {
    expect(look(TICKETS, { ratio: 2 }, facts(12, 20)).kind).toBe('breached')
    expect(look(TICKETS, { ratio: 2 }, facts(1, 20)).kind).not.toBe('breached')
    expect(look(TICKETS, { value: 0.02 }, facts(40, 0)).kind).toBe('breached')
    expect(look(TICKETS, { value: 0.02 }, facts(40, 760)).kind).toBe('inconclusive')
    expect(look(TICKETS, { total: 10 }, facts(10, 0))).toMatchObject({
      kind: 'breached',
      sentence: '10 of at most 9 support tickets from 100 exposed accounts. The budget is used up.',
    })
    expect(look(TICKETS, { total: 10 }, facts(9, 0)).kind).toBe('ok')
  })
})

describe('latency against the comparison group', () => {
  const histogram = (factor: number, count: number, spread = 1) => {
    const random = seededRandom(count)
    const sketch = new LogHistogram()
    for (let i = 0; i < count; i++) sketch.add(factor * 100 * Math.exp(spread * random()))
    return sketch.toJSON()
  }
  const facts = (factor: number, spread?: number): GuardrailFacts => ({
    guardrailId: 'm',
    lastEventAt: NOW,
    stages: [
      {
        ...frame,
        units: (['treated', 'control'] as const).flatMap(arm =>
          Array.from({ length: 50 }, () => ({ arm, enteredAt: T0, events: 20, failures: 0, slow: 1 })),
        ),
        durations: { treated: histogram(factor, 1000, spread), control: histogram(1, 9000, spread) },
      },
    ],
  })
  const P95 = defineMetric({ kind: 'latency', key: 'p95', event: 'export' })

  it('is breached at twice the time, and ok where twice is excluded', () => {
    const slow = look(P95, { ratio: 1.5 }, facts(2))
    expect(slow.kind).toBe('breached')
    expect(slow.evidence.estimate).toBeGreaterThan(1.9)
    expect(look(P95, { ratio: 2 }, facts(1)).kind).toBe('ok')
  })

  it('is told where all take nearly the same time: a histogram narrower than the ratio asked about', () => {
    expect(look(P95, { ratio: 2 }, facts(1, 0.05)).kind).toBe('ok')
    expect(look(P95, { ratio: 2 }, facts(1, 0)).kind).toBe('ok')
    expect(look(P95, { ratio: 1.5 }, facts(3, 0.05)).kind).toBe('breached')
  })
})

describe('a number from elsewhere', () => {
  const CPU = defineMetric({ kind: 'external', key: 'cpu', query: 'avg(cpu{group="{{group}}"})' })
  const facts = (treated: number, control: number, windows: number): GuardrailFacts => ({
    guardrailId: 'm',
    shape: 'samples',
    lastEventAt: NOW,
    stages: [frame],
    samples: Array.from({ length: windows }, (_, index) => ({ at: T0 + index * HOUR, treated, control })),
  })

  it('is breached after enough windows beyond the limit, and not when both groups are', () => {
    expect(look(CPU, { value: 0.8 }, facts(0.9, 0.3, 12)).kind).toBe('breached')
    expect(look(CPU, { value: 0.8 }, facts(0.9, 0.3, 2)).kind).toBe('inconclusive')
    expect(look(CPU, { value: 0.8 }, facts(0.9, 0.9, 12)).kind).toBe('inconclusive')
    expect(look(CPU, { ratio: 1.5 }, facts(0.9, 0.3, 12)).kind).toBe('breached')
    expect(look(CPU, { value: 0.8 }, facts(0.3, 0.3, 12)).kind).toBe('ok')
  })
})

describe('a goal', () => {
  const goal: Goal = { id: 'm', metric: USED, target: 0.3 }
  const plan: RolloutPlan = { ...base, goals: [goal] }
  const state: Running = {
    status: 'running',
    phase: 'holding',
    stage: 0,
    stageStartedAt: T0,
    heldMs: 0,
    holdingSince: T0,
  }
  const at = (hits: number, all: number, of = plan) => {
    const verdicts = judgeAll(of, [outcomes(shareOf('treated', hits, all))], NOW)
    return { verdict: verdicts[0], decision: decide(of, state, { verdicts, flagOn: true }, NOW) }
  }

  it('lets the rollout expand once it is reached, and says so', () => {
    const { verdict, decision } = at(105, 300)
    expect(verdict).toMatchObject({ kind: 'ok', goal: true, evidence: { limit: 0.3 } })
    expect(verdict?.sentence).toBe('Adoption of 300 exposed accounts is 35 % (goal at least 30 %): reached.')
    expect(decision.kind).toBe('expand')
  })

  it('keeps it where it is while it is not, or not sure', () => {
    expect(at(60, 300)).toMatchObject({
      verdict: { kind: 'inconclusive' },
      decision: { kind: 'hold', because: { code: 'goal-not-reached', guardrailId: 'm' } },
    })
    expect(at(4, 10).verdict?.sentence).toContain('there, and 15 % is not excluded')
    expect(at(4, 10).decision.kind).toBe('hold')
  })

  it('is waived by its policy, and not asked for before its stage', () => {
    expect(at(60, 300, { ...plan, goals: [{ ...goal, otherwise: 'warn' }] }).decision.kind).toBe('expand')
    expect(at(60, 300, { ...plan, goals: [{ ...goal, fromStage: 1 }] }).decision.kind).toBe('expand')
    expect(at(60, 300, { ...plan, goals: [{ ...goal, otherwise: 'pause' }] }).decision.kind).toBe('pause')
  })
})
