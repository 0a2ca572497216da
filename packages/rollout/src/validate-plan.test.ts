import { canaryTemplate, type PlanInput, type Stage, stageTemplates, validatePlan, withDefaults } from '@dimmer/rollout'
import { expect, it } from 'vitest'
import { canary, ERROR_RATE, LATENCY } from '../test/plans.ts'

const codes = (change: Partial<PlanInput>): string[] =>
  validatePlan(canary(change)).map(({ path, code }) => `${path} ${code}`)
const stages = (...percents: number[]): Stage[] => percents.map(percent => ({ percent, hold: 'PT1H' }))

it('finds nothing wrong with the canary', () => {
  expect(validatePlan(canary())).toEqual([])
})

it('fills in rule, policy, roll-back mode, guardrails and alpha, and keeps what is given', () => {
  const least: PlanInput = { flag: 'f', environment: 'e', variant: 'on', unit: 'account', stages: stages(100) }
  expect(withDefaults(least)).toEqual({
    ...least,
    ruleId: 'rollout',
    guardrails: [],
    policy: { breached: 'roll-back', inconclusive: 'hold', noData: 'hold', sickSample: 'hold' },
    rollBack: 'to-zero',
    alpha: 0.05,
  })
  const more = withDefaults({ ...least, alpha: 0.01, policy: { noData: 'pause' } })
  expect(more.alpha).toBe(0.01)
  expect(more.policy).toEqual({ breached: 'roll-back', inconclusive: 'hold', noData: 'pause', sickSample: 'hold' })
})

it('gives the canary as 5, 25, 50, 100 % with a day each', () => {
  const plan = canaryTemplate({ flag: 'f', environment: 'e', variant: 'on', unit: 'account' })
  expect(plan.stages.map(({ percent, hold }) => [percent, hold])).toEqual([
    [5, 'PT24H'],
    [25, 'PT24H'],
    [50, 'PT24H'],
    [100, 'PT24H'],
  ])
})

it.each(stageTemplates)('finds nothing wrong with the template $key, which ends with everybody', ({ stages: all }) => {
  expect(validatePlan(canary({ stages: all }))).toEqual([])
  expect(all.at(-1)?.percent).toBe(100)
})

it.each<[string, Partial<PlanInput>, string[]]>([
  ['no stage', { stages: [] }, ['stages no-stages']],
  ['101 %', { stages: stages(5, 101) }, ['stages[1].percent percent-out-of-range']],
  ['0 %', { stages: stages(0, 100) }, ['stages[0].percent percent-out-of-range']],
  ['a share that is no number', { stages: stages(Number.NaN) }, ['stages[0].percent percent-out-of-range']],
  ['a share finer than 0.001 %', { stages: stages(5.0005, 100) }, ['stages[0].percent percent-too-fine']],
  ['a stage as large as the one before', { stages: stages(5, 5, 100) }, ['stages[1].percent stages-must-grow']],
  ['a stage smaller than the one before', { stages: stages(25, 5, 100) }, ['stages[1].percent stages-must-grow']],
  ['a hold in other words', { stages: [{ percent: 5, hold: '2 days' }] }, ['stages[0].hold invalid-duration']],
  [
    'two guardrails of one id',
    { guardrails: [ERROR_RATE, { ...LATENCY, id: 'errors' }] },
    ['guardrails[1].id duplicate-guardrail'],
  ],
  ['a guardrail without an event', { guardrails: [{ ...ERROR_RATE, event: ' ' }] }, ['guardrails[0].event empty']],
  [
    'a limit of 1x',
    { guardrails: [{ ...ERROR_RATE, kind: 'error-rate', maxRatio: 1 }] },
    ['guardrails[0].maxRatio out-of-range'],
  ],
  [
    'p40',
    { guardrails: [{ ...LATENCY, kind: 'latency', quantile: 0.4, maxMs: 1 }] },
    ['guardrails[0].quantile out-of-range'],
  ],
  [
    'p100',
    { guardrails: [{ ...LATENCY, kind: 'latency', quantile: 1, maxMs: 1 }] },
    ['guardrails[0].quantile out-of-range'],
  ],
  [
    '0 ms',
    { guardrails: [{ ...LATENCY, kind: 'latency', quantile: 0.9, maxMs: 0 }] },
    ['guardrails[0].maxMs out-of-range'],
  ],
  ['a weight of 0', { guardrails: [{ ...ERROR_RATE, weight: 0 }] }, ['guardrails[0].weight out-of-range']],
  ['alpha 0', { alpha: 0 }, ['alpha out-of-range']],
  ['alpha over 0.2', { alpha: 0.21 }, ['alpha out-of-range']],
  ['an empty flag', { flag: '' }, ['flag empty']],
  ['an empty unit', { unit: ' ' }, ['unit empty']],
  ['nobody to compare with, ever', { stages: stages(100) }, ['guardrails[0] no-comparison-group']],
])('refuses %s', (_, change, expected) => {
  expect(codes(change)).toEqual(expected)
})

it('allows a first stage of 100 % with absolute limits only', () => {
  expect(codes({ stages: stages(100), guardrails: [LATENCY] })).toEqual([])
})

it('names everything that is wrong at once, in plain words', () => {
  const problems = validatePlan(canary({ stages: [{ percent: 101, hold: 'soon' }], alpha: 1 }))
  expect(problems.map(({ message }) => message)).toEqual([
    'A stage has a share of 0.001 to 100 %, not 101 %.',
    '"soon" is not an ISO 8601 duration of weeks, days, hours, minutes and seconds, like "PT48H".',
    'alpha, the chance of a false roll-back, must be above 0 and at most 0.2, not 1.',
  ])
})
