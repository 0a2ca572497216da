import { type GuardrailFacts, judge, judgeAll, type RolloutPlan, type StageFacts } from '@dimmer/rollout'
import { describe, expect, it } from 'vitest'
import { type Behaviour, factsOf, type StageInput, stageFacts } from '../test/facts.ts'
import { canary, DAY, ERROR_RATE, HOUR, T0 } from '../test/plans.ts'

const plan = canary({ guardrails: [ERROR_RATE] })
const NOW = T0 + 12 * HOUR

const FAILING = { failures: 1 }
const healthy = (count: number): Behaviour => ({ count })
const failing = (count: number, more: Partial<Behaviour> = {}): Behaviour => ({ count, ...FAILING, ...more })

function errors(...stages: StageInput[]): GuardrailFacts {
  return factsOf(
    'errors',
    stages.map((stage, index) => stageFacts({ stage: index, startedAt: T0 + index * DAY, ...stage })),
  )
}

const look = (facts: GuardrailFacts, of: RolloutPlan = plan, now: number = NOW) => judge(of, facts, now)

describe('an error rate in the first stage', () => {
  it('is breached when exposed units fail far more often, and the sentence has the numbers', () => {
    const verdict = look(
      errors({
        share: 0.05,
        treated: [healthy(587), failing(11, { failures: 5 })],
        control: [healthy(10_888), failing(12, { failsFrom: 30 })],
      }),
    )
    expect(verdict.kind).toBe('breached')
    expect(verdict.sentence).toBe(
      "Error rate of pdf.generated among exposed accounts is 17x the others' (3.9x to 71x, limit 2x): " +
        '11 of 598 exposed accounts failed, 12 of 10,900 others. Chance of a false alarm below 1 in 900,000.',
    )
    const { evidence } = verdict
    expect(evidence.logE).toBeGreaterThanOrEqual(evidence.breachAt)
    expect(evidence.breachAt).toBeCloseTo(Math.log(4 / 0.05), 10)
    expect(evidence).toMatchObject({
      units: { treated: 598, control: 10_900 },
      unitsHit: { treated: 11, control: 12 },
      events: { treated: 5980, control: 109_000 },
      eventsHit: { treated: 55, control: 12 },
    })
  })

  it('is breached when only exposed units fail, with no ratio to tell', () => {
    const verdict = look(errors({ share: 0.05, treated: [healthy(97), failing(3)], control: [healthy(1900)] }))
    expect(verdict.kind).toBe('breached')
    expect(verdict.evidence.estimate).toBeUndefined()
    expect(verdict.sentence).toContain('Only exposed accounts had failures of pdf.generated: 3 of 100 exposed accounts')
  })

  it('is never breached by a single exposed unit, however badly it fails', () => {
    const tiny = canary({ guardrails: [ERROR_RATE], alpha: 0.2 })
    const verdict = look(
      errors({ share: 0.001, treated: [failing(1, { failures: 1000, run: true })], control: [healthy(9999)] }),
      tiny,
    )
    expect(verdict.evidence.logE).toBeGreaterThan(verdict.evidence.breachAt)
    expect(verdict.kind).toBe('inconclusive')
    expect(verdict.sentence).toContain('One account alone proves nothing about the others.')
  })

  it('is breached by a few units that fail totally in the noise of many single failures', () => {
    const noise = {
      treated: [healthy(70), failing(20), failing(10, { run: true })],
      control: [healthy(1520), failing(380)],
    }
    const verdict = look(errors({ share: 0.05, ...noise }))
    expect(verdict.kind).toBe('breached')
    expect(verdict.sentence).toContain('10 of 100 exposed accounts failed three times in a row')
    expect(verdict.evidence.unitsHit).toEqual({ treated: 10, control: 0 })
  })

  it('is breached when harm is proven and the estimate is at the limit, though "more than the limit" is not proven', () => {
    const verdict = look(
      errors({ share: 0.25, treated: [healthy(400), failing(100)], control: [healthy(1350), failing(150)] }),
    )
    expect(verdict.evidence.estimate).toBeGreaterThan(2)
    expect(verdict.evidence.lower).toBeGreaterThan(1)
    expect(verdict.evidence.lower).toBeLessThan(2)
    expect(verdict.kind).toBe('breached')
  })

  it('is inconclusive when harm is proven but smaller than the limit', () => {
    const relaxed = canary({ guardrails: [{ id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 5 }] })
    const verdict = look(
      errors({ share: 0.25, treated: [healthy(440), failing(60)], control: [healthy(1440), failing(60)] }),
      relaxed,
    )
    expect(verdict.evidence.logE).toBeGreaterThan(verdict.evidence.breachAt)
    expect(verdict.kind).toBe('inconclusive')
    expect(verdict.sentence).toContain('Harm is proven, but the estimate is below the limit.')
  })

  it('is inconclusive while it looks like harm without proof', () => {
    const verdict = look(
      errors({ share: 0.05, treated: [healthy(97), failing(3)], control: [healthy(1888), failing(12)] }),
    )
    expect(verdict.kind).toBe('inconclusive')
    expect(verdict.sentence).toContain('This looks like harm but is not proven.')
  })

  it('is ok when the ratio of the stage is excluded', () => {
    const verdict = look(
      errors({ share: 0.05, treated: [healthy(97), failing(3)], control: [healthy(1800), failing(100)] }),
    )
    expect(verdict.kind).toBe('ok')
    expect(verdict.evidence.logEOk).toBeGreaterThanOrEqual(verdict.evidence.okAt)
    expect(verdict.sentence).toContain('It is less than 10x (95 % sure).')
  })

  it('is ok without any failure when enough exposed units were seen, and inconclusive when too few', () => {
    const many = look(errors({ share: 0.05, treated: [healthy(600)], control: [healthy(11_400)] }))
    expect(many.kind).toBe('ok')
    expect(many.sentence).toBe(
      'No accounts had failures of pdf.generated: 0 of 600 exposed accounts failed, 0 of 11,400 others. ' +
        'Fewer than 1 in 100 exposed accounts fail (95 % sure).',
    )
    expect(look(errors({ share: 0.05, treated: [healthy(100)], control: [healthy(1900)] })).kind).toBe('inconclusive')
  })

  it('does not count units that sent nothing as units that did not fail', () => {
    const silent = { count: 600, events: 0 }
    expect(look(errors({ share: 0.05, treated: [healthy(5), silent], control: [healthy(11_400)] })).kind).toBe(
      'inconclusive',
    )
  })

  it('does not count what comes after the look', () => {
    const facts = errors({
      share: 0.05,
      treated: [healthy(90), failing(10, { failsFrom: 60 })],
      control: [healthy(1900)],
    })
    expect(look(facts, plan, T0 + HOUR / 2).evidence.unitsHit.treated).toBe(0)
    expect(look(facts, plan, T0 + 2 * HOUR)).toMatchObject({
      kind: 'breached',
      evidence: { unitsHit: { treated: 10 } },
    })
  })

  it('gives the same verdict for the same facts in any order', () => {
    const stage = stageFacts({ share: 0.05, treated: [healthy(90), failing(4)], control: [healthy(1800), failing(30)] })
    const shuffled: StageFacts = { ...stage, units: stage.units.toReversed() }
    expect(look(factsOf('errors', [shuffled]))).toEqual(look(factsOf('errors', [stage])))
  })

  it('reads a stage with very many failing units the same way, in coarser ticks', () => {
    const verdict = look(
      errors({ share: 0.25, treated: [healthy(100), failing(900)], control: [healthy(1500), failing(1500)] }),
    )
    expect(verdict.evidence.unitsHit).toEqual({ treated: 900, control: 1500 })
    expect(verdict.evidence.estimate).toBeGreaterThan(2)
    expect(verdict.kind).toBe('breached')
  })
})

describe('an error rate over several stages', () => {
  it('is judged stage by stage: a base rate that grows with the share is no harm', () => {
    const stages: StageInput[] = [
      { share: 0.05, treated: [healthy(495), failing(5)], control: [healthy(9405), failing(95)] },
      { share: 0.5, treated: [healthy(2500), failing(2000)], control: [healthy(2778), failing(2222)] },
    ]
    const verdict = look(errors(...stages), plan, T0 + 2 * DAY)
    const pooled = 2005 / 5000 / (2317 / 14_500)
    expect(pooled).toBeGreaterThan(2)
    expect(verdict.evidence.estimate).toBeCloseTo(1, 1)
    expect(verdict.kind).toBe('ok')
    expect(verdict.sentence).toContain('counted afresh in each of 2 stages')
  })

  it('asks for more before larger stages: 10x, then 3x, then 2x', () => {
    const stage = (share: number): StageInput => ({ share, treated: [healthy(500)], control: [healthy(5000)] })
    const sentence = (count: number) =>
      look(errors(...[0.05, 0.25, 0.5].slice(0, count).map(stage)), canary({ guardrails: [ERROR_RATE] }), T0 + 4 * DAY)
        .sentence
    const few = (share: number): StageInput => ({ share, treated: [healthy(5)], control: [healthy(50)] })
    expect(sentence(1)).toContain('Fewer than 1 in 100')
    expect(look(errors(few(0.05))).sentence).toContain('less than 10x')
    expect(look(errors(few(0.05), few(0.25))).sentence).toContain('less than 3x')
    expect(look(errors(few(0.05), few(0.25), few(0.5))).sentence).toContain('less than 2x')
  })

  it('never asks for less than its own limit', () => {
    const generous = canary({
      guardrails: [{ id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 20 }],
    })
    expect(look(errors({ share: 0.05, treated: [healthy(5)], control: [healthy(50)] }), generous).sentence).toContain(
      'less than 20x',
    )
  })

  it('is breached when more than the limit is proven, even if a later stage pulls the estimate below it', () => {
    const verdict = look(
      errors(
        { share: 0.05, treated: [healthy(900), failing(100)], control: [healthy(19_000)] },
        { share: 0.5, treated: [healthy(5000)], control: [healthy(4895), failing(105)] },
      ),
      plan,
      T0 + 2 * DAY,
    )
    expect(verdict.evidence.estimate).toBeLessThan(2)
    expect(verdict.evidence.lower).toBeGreaterThan(2)
    expect(verdict.kind).toBe('breached')
  })

  it('is ok at 100 % if nothing was breached before, and says that nobody is left to compare with', () => {
    const verdict = look(
      errors(
        { share: 0.5, treated: [healthy(100), failing(2)], control: [healthy(100), failing(2)] },
        { share: 1, treated: [healthy(50), failing(50)], control: [healthy(20)] },
      ),
      canary({
        guardrails: [ERROR_RATE],
        stages: [
          { percent: 50, hold: 'PT1H' },
          { percent: 100, hold: 'PT1H' },
        ],
      }),
      T0 + 2 * DAY,
    )
    expect(verdict.kind).toBe('ok')
    expect(verdict.sentence).toContain('nobody is left to compare with')
    expect(verdict.evidence.units).toEqual({ treated: 102, control: 102 })
  })

  it('stays breached at 100 % by what the stages before have proven', () => {
    const before: StageInput = { share: 0.5, treated: [failing(50), healthy(50)], control: [healthy(100)] }
    const verdict = look(errors(before, { share: 1, treated: [healthy(100)], control: [] }), plan, T0 + 2 * DAY)
    expect(verdict.kind).toBe('breached')
  })

  it('is inconclusive if there was never a comparison group', () => {
    const verdict = look(errors({ share: 1, treated: [healthy(100)], control: [] }))
    expect(verdict.kind).toBe('inconclusive')
    expect(verdict.sentence).toContain('There was never anybody to compare with.')
  })
})

describe('missing data', () => {
  it('is no-data when the event never arrived: a misspelt name never passes', () => {
    const facts: GuardrailFacts = {
      ...errors({ share: 0.05, treated: [{ count: 600, events: 0 }], control: [{ count: 11_400, events: 0 }] }),
      lastEventAt: undefined,
    }
    const verdict = look(facts)
    expect(verdict.kind).toBe('no-data')
    expect(verdict.sentence).toBe('No pdf.generated has ever arrived. Is the name right, and does the code send it?')
  })

  it('is no-data when no exposed unit has sent the event in this stage', () => {
    const facts = errors(
      { share: 0.05, treated: [healthy(600)], control: [healthy(11_400)] },
      { share: 0.25, treated: [{ count: 2400, events: 0 }], control: [healthy(9000)] },
    )
    expect(look(facts, plan, T0 + 2 * DAY)).toMatchObject({
      kind: 'no-data',
      sentence: 'No newly exposed account has sent pdf.generated since stage 2 began.',
    })
  })

  it('is no-data for a guardrail without facts', () => {
    expect(judgeAll(canary(), [], NOW).map(({ guardrailId, kind }) => [guardrailId, kind])).toEqual([
      ['errors', 'no-data'],
      ['p95', 'no-data'],
    ])
  })

  it('gives way to a breach that an earlier stage has proven', () => {
    const facts = errors(
      { share: 0.05, treated: [healthy(90), failing(10)], control: [healthy(1900)] },
      { share: 0.25, treated: [], control: [] },
    )
    expect(look(facts, plan, T0 + 2 * DAY).kind).toBe('breached')
  })

  it('refuses facts of a guardrail that the plan does not have', () => {
    expect(() => judge(plan, factsOf('other', []), NOW)).toThrow('the plan has no guardrail "other"')
  })
})

describe('a sick sample', () => {
  const fine: StageInput = { share: 0.05, treated: [healthy(600)], control: [healthy(11_400)] }

  it('is one with groups of the wrong size', () => {
    const verdict = look(errors({ ...fine, seen: { treated: 900, control: 11_400 } }))
    expect(verdict.kind).toBe('sick-sample')
    expect(verdict.sentence).toMatch(
      /^The groups of stage 1 are not as planned: 900 of 12,300 accounts seen are exposed, 7.3 % instead of 5 %. Chance/,
    )
  })

  it('is judged at 0.001 for all stages of the plan together', () => {
    const seen = { treated: 712, control: 11_288 }
    const short = canary({ guardrails: [ERROR_RATE], stages: [{ percent: 5, hold: 'PT1H' }] })
    expect(look(errors({ ...fine, seen }), short).kind).toBe('sick-sample')
    expect(look(errors({ ...fine, seen })).kind).toBe('ok')
  })

  it('is one with too many units on both sides', () => {
    expect(look(errors({ ...fine, crossed: 120 }))).toMatchObject({
      kind: 'sick-sample',
      sentence: '120 of 12,000 accounts were seen on both sides in stage 1: they did not keep what they were given.',
    })
    expect(look(errors({ ...fine, crossed: 119 })).kind).toBe('ok')
    expect(look(errors({ ...fine, seen: { treated: 1, control: 19 }, crossed: 4 })).kind).toBe('ok')
  })

  it('is not one by chance or at 100 %', () => {
    expect(look(errors({ ...fine, seen: { treated: 640, control: 11_360 } })).kind).toBe('ok')
    expect(look(errors({ ...fine, seen: { treated: 0, control: 0 } })).kind).toBe('ok')
    const last: StageInput = { share: 1, treated: [healthy(100)], control: [], seen: { treated: 11_990, control: 10 } }
    expect(look(errors(fine, last), plan, T0 + 2 * DAY).kind).toBe('ok')
  })

  it('does not hide a breach', () => {
    const broken: StageInput = { share: 0.05, treated: [failing(50)], control: [healthy(950)], crossed: 500 }
    expect(look(errors(broken)).kind).toBe('breached')
  })
})

describe('alpha', () => {
  it('is shared over the guardrails by their weights', () => {
    const shared = canary({
      guardrails: [
        { ...ERROR_RATE, id: 'errors', weight: 3 },
        { ...ERROR_RATE, id: 'logins', event: 'login' },
      ],
    })
    const thresholds = judgeAll(shared, [], NOW).map(({ evidence }) => Math.exp(-evidence.breachAt))
    expect(thresholds[0]).toBeCloseTo((0.05 * 0.75) / 4, 12)
    expect(thresholds[1]).toBeCloseTo((0.05 * 0.25) / 4, 12)
  })
})
