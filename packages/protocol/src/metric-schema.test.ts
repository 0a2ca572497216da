import { metricDefinitionSchema, planInputSchema } from '@dimmer/protocol'
import { defineMetric, type MetricInput, metricCatalogue } from '@dimmer/rollout'
import { expect, it } from 'vitest'

const KNOWN: Readonly<Record<string, unknown>> = {
  event: 'used',
  numerator: { event: 'refund', field: 'value' },
  denominator: { event: 'payment', field: 'value' },
  query: 'errors{group="{{group}}"}',
}

it.each(metricCatalogue)('takes a $kind of the catalogue as it is', ({ kind, needs }) => {
  const given: unknown = { kind, key: kind, ...Object.fromEntries(needs.map(field => [field, KNOWN[field]])) }
  const metric = defineMetric(given as MetricInput)
  expect(metricDefinitionSchema.parse(metric)).toEqual(metric)
})

it('takes plans with guardrails and goals on metrics, written out or by version', () => {
  const metric = defineMetric({ kind: 'adoption', key: 'adoption', event: 'used' })
  const plan = {
    flag: 'f',
    environment: 'e',
    variant: 'on',
    unit: 'account',
    stages: [{ percent: 5, hold: 'PT1H' }],
    guardrails: [{ id: 'a', kind: 'metric', metric, limit: { value: 0.15 } }],
    goals: [{ id: 'b', metric: { key: 'adoption', version: 1 }, target: 0.3 }],
  }
  expect(planInputSchema.parse(plan)).toEqual(plan)
  expect(planInputSchema.safeParse({ ...plan, goals: [{ id: 'b', metric, target: 'much' }] }).success).toBe(false)
})
