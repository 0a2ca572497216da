import { canaryTemplate, defineMetric, evidenceNeeded, type Guardrail, type RecentTraffic } from '@dimmer/rollout'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const DAY = 86_400_000
const TRAFFIC: RecentTraffic = { overMs: DAY, units: 2_000, failingUnits: 400, events: 50_000 }
const ERRORS: Guardrail = { id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 2 }
const LATENCY: Guardrail = { id: 'latency', kind: 'latency', event: 'pdf.generated', quantile: 0.95, maxMs: 800 }

const PLAN = canaryTemplate({
  flag: 'f',
  environment: 'e',
  variant: 'on',
  unit: 'account',
  guardrails: [ERRORS, LATENCY],
})
const needed = (guardrail: Guardrail, change: Partial<RecentTraffic> = {}, plan = PLAN) =>
  evidenceNeeded(plan, guardrail, { ...TRAFFIC, ...change })

describe('an error rate', () => {
  it('says how many exposed units have to fail, and how long that takes', () => {
    const found = needed(ERRORS)
    expect(found?.sentence).toMatch(
      /^2x the failures shows once about \d+ exposed accounts have failed: about \d+ (hour|day)s in the first stage \(5 % of 2,000 accounts\)\.$/,
    )
    expect(found?.needed).toBeGreaterThan(10)
    expect(found?.needed).toBeLessThan(60)
  })

  it('needs more traffic than a small base has in its first stage', () => {
    expect(needed(ERRORS, { units: 200, failingUnits: 40 })).toMatchObject({
      afterMs: Infinity,
      sentence: expect.stringContaining('too many for the first stage (5 % of 200 accounts)'),
    })
  })

  it('does not guess where nothing fails or nothing has arrived', () => {
    expect(needed(ERRORS, { failingUnits: 0 })).toMatchObject({ afterMs: undefined })
    expect(needed(ERRORS, { overMs: 0, units: 0, failingUnits: 0, events: 0 })?.sentence).toMatch(/have failed\.$/)
  })

  it('has nobody to compare with where everybody gets it at once', () => {
    expect(needed(ERRORS, {}, { ...PLAN, stages: [{ percent: 100, hold: 'P1D' }] })).toBeUndefined()
  })

  it('is found sooner the worse it is and the more fail', () => {
    const size = fc.integer({ min: 2, max: 8 })
    const failing = fc.integer({ min: 100, max: 900 })
    fc.assert(
      fc.property(size, failing, (maxRatio, failingUnits) => {
        const at = (worse: number, more: number) =>
          needed({ ...ERRORS, maxRatio: maxRatio + worse }, { units: 20_000, failingUnits: failingUnits + more })
            ?.afterMs
        const now = at(0, 0) ?? 0
        expect(at(1, 0)).toBeLessThan(now)
        expect(at(0, 100)).toBeLessThan(now)
      }),
      { numRuns: 50 },
    )
  })
})

it('a latency is found after so many events, sooner with more of them', () => {
  const found = needed(LATENCY)
  expect(found?.sentence).toMatch(
    /^Twice as many slow ones as allowed show after about [\d,]+ events of exposed accounts/,
  )
  expect(needed(LATENCY, { events: 500_000 })?.afterMs).toBeCloseTo((found?.afterMs ?? 0) / 10)
})

it('a share of units is found after so many of them, each after its window', () => {
  const metric = defineMetric({ kind: 'adoption', key: 'a', event: 'pdf.exported' })
  const guardrail: Guardrail = { id: 'a', kind: 'metric', metric, limit: { value: 0.2 } }
  expect(needed(guardrail, {}, { ...PLAN, guardrails: [guardrail] })?.sentence).toMatch(
    /^10 % instead of 20 % shows after about \d+ exposed accounts, each once its 2 days are over\.$/,
  )
  expect(needed({ ...guardrail, limit: { ratio: 0.9 } })).toBeUndefined()
})
