import {
  canaryTemplate,
  defineMetric,
  type Goal,
  type MetricGuardrail,
  type MetricInput,
  metricCatalogue,
  type RolloutPlan,
  resolveMetrics,
  validateMetric,
  validatePlan,
} from '@dimmer/rollout'
import { describe, expect, it } from 'vitest'

const USED = { kind: 'adoption', key: 'pdf-adoption', event: 'pdf.exported' } as const
const PAID = { kind: 'revenue', key: 'revenue', event: 'payment', unit: 'account' } as const
const ADOPTION = defineMetric(USED)
const REVENUE = defineMetric(PAID)
const guardrail = (change: Partial<MetricGuardrail> = {}): MetricGuardrail => ({
  id: 'adoption',
  kind: 'metric',
  metric: ADOPTION,
  limit: { value: 0.15 },
  ...change,
})
const GOAL: Goal = { id: 'adopted', metric: ADOPTION, target: 0.3 }
const FLAG = { flag: 'f', environment: 'e', variant: 'on', unit: 'account' }
const plan = (change: Partial<RolloutPlan>): RolloutPlan => ({ ...canaryTemplate(FLAG), ...change })
const messages = (change: Partial<RolloutPlan>): string[] =>
  validatePlan(plan(change)).map(({ path, message }) => `${path}: ${message}`)

describe('the catalogue', () => {
  it('has one entry per kind, each of which makes a valid metric of what only the user knows', () => {
    const known: Readonly<Record<string, unknown>> = {
      event: 'pdf.exported',
      numerator: { event: 'refund', field: 'value' },
      denominator: { event: 'payment', field: 'value' },
      query: 'sum(rate(errors{variant="{{variant}}"}[5m]))',
    }
    expect(new Set(metricCatalogue.map(({ kind }) => kind)).size).toBe(metricCatalogue.length)
    for (const { kind, needs, worse } of metricCatalogue) {
      const given: unknown = { kind, key: kind, ...Object.fromEntries(needs.map(field => [field, known[field]])) }
      const metric = defineMetric(given as MetricInput)
      expect(validateMetric(metric), kind).toEqual([])
      expect(metric).toMatchObject({ kind, version: 1, worse })
    }
  })

  it('fills in what is absent and keeps what is given', () => {
    expect(ADOPTION).toEqual({
      kind: 'adoption',
      key: 'pdf-adoption',
      event: 'pdf.exported',
      version: 1,
      name: 'Adoption',
      worse: 'lower',
      within: 'PT48H',
    })
    expect(defineMetric({ ...USED, within: 'P1D', version: 3 })).toMatchObject({ within: 'P1D', version: 3 })
  })
})

describe('a metric', () => {
  it.each<[string, MetricInput, string]>([
    ['without an event', { ...USED, event: ' ' }, 'metric.event: The name of an event must not be empty.'],
    [
      'with a window in other words',
      { ...USED, within: '2 days' },
      'metric.within: within "2 days" must be an ISO 8601 duration above 0 of weeks, days, hours, minutes and seconds, like "PT48H".',
    ],
    [
      'with a window of a year',
      { ...USED, within: 'P365D' },
      'metric.within: within must be at most 90 days, not P365D.',
    ],
    ['of version 0', { ...USED, version: 0 }, 'metric.version: version must be a whole number from 1 up, not 0.'],
    [
      'from a query that is the same for both groups',
      { kind: 'external', key: 'errors', query: 'sum(errors)' },
      'metric.query: The query must contain {{variant}} or {{group}}, or both groups would get the same number.',
    ],
    [
      'of a score upside down',
      { kind: 'sentiment', key: 's', event: 'review', lowest: 5, highest: 1 },
      'metric.highest: highest must be above lowest: 1 is not above 5.',
    ],
    ['with a cap of 0', { ...PAID, cap: 0 }, 'metric.cap: cap must be above 0, not 0.'],
  ])('%s is refused in plain words', (_, input, expected) => {
    expect(validateMetric(defineMetric(input)).map(({ path, message }) => `${path}: ${message}`)).toEqual([expected])
  })
})

describe('a plan with metrics', () => {
  it('may have guardrails and goals on them', () => {
    expect(messages({ guardrails: [guardrail()], goals: [GOAL] })).toEqual([])
  })

  it.each<[string, Partial<RolloutPlan>, string]>([
    [
      'no limit',
      { guardrails: [guardrail({ limit: {} })] },
      'guardrails[0].limit: A guardrail needs a limit: a value, a ratio or a total.',
    ],
    [
      'a share of 15 instead of 0.15',
      { guardrails: [guardrail({ limit: { value: 15 } })] },
      'guardrails[0].limit.value: limit.value of "Adoption" is a share of units, above 0 and below 1, not 15.',
    ],
    [
      'a ratio on the wrong side',
      { guardrails: [guardrail({ limit: { ratio: 2 } })] },
      'guardrails[0].limit.ratio: limit.ratio must be between 0 and 1 where lower is worse ("Adoption"; 0.9 means "at least nine tenths"), not 2.',
    ],
    [
      'a limit that the metric cannot have',
      { guardrails: [guardrail({ limit: { total: 10 } })] },
      'guardrails[0].limit.total: "Adoption" (adoption) can\'t be judged by a total; give its limit as value or ratio.',
    ],
    [
      'money without a cap',
      { guardrails: [guardrail({ metric: REVENUE, limit: { value: 20 } })] },
      'guardrails[0].limit.value: limit.value of "Revenue" needs a cap on the metric: without one, one unit can be the whole mean.',
    ],
    [
      'a metric nobody knows',
      { guardrails: [guardrail({ metric: { key: 'lost', version: 2 } })] },
      'guardrails[0].metric: There is no metric "lost" version 2 in this project.',
    ],
    [
      'a metric of another unit',
      { unit: 'user', guardrails: [guardrail({ metric: REVENUE, limit: { ratio: 0.8 } })] },
      'guardrails[0].metric.unit: "Revenue" speaks about each account, and this rollout counts each user.',
    ],
    [
      'a goal with the id of a guardrail',
      { guardrails: [guardrail()], goals: [{ ...GOAL, id: 'adoption' }] },
      'goals[0].id: Two guardrails or goals have the id "adoption".',
    ],
    [
      'a floor above its target',
      { goals: [{ ...GOAL, floor: 0.4 }] },
      'goals[0].floor: floor must be below the target 0.3, not 0.4.',
    ],
    [
      'a goal on what has no value of its own',
      { goals: [{ ...GOAL, metric: defineMetric({ kind: 'error-rate', key: 'e', event: 'x' }) }] },
      'goals[0].metric: "Error rate" (error-rate) has no value of its own that could be a goal.',
    ],
    [
      'a goal for a stage that is not there',
      { goals: [{ ...GOAL, fromStage: 4 }] },
      "goals[0].fromStage: fromStage must be one of the plan's stages, 0 to 3, not 4.",
    ],
  ])('is refused with %s', (_, change, expected) => {
    expect(messages(change)).toEqual([expected])
  })

  it('takes references from the library, so that later changes of the library change nothing', () => {
    const reference = { key: ADOPTION.key, version: 1 }
    const input = {
      ...plan({}),
      guardrails: [guardrail({ metric: reference })],
      goals: [{ ...GOAL, metric: reference }],
    }
    const resolved = resolveMetrics(input, [{ ...ADOPTION, version: 2 }, ADOPTION])
    expect(resolved.guardrails?.[0]).toEqual(guardrail())
    expect(resolved.goals?.[0]).toEqual(GOAL)
    expect(resolveMetrics(input, [])).toEqual(input)
  })
})
