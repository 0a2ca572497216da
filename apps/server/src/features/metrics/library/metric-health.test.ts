import type { EventNameHealth } from '@dimmer/protocol'
import { defineMetric } from '@dimmer/rollout'
import { expect, it } from 'vitest'
import { metricHealth } from './metric-health.ts'

const NOW = Date.UTC(2026, 2, 3, 12)
const ago = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString()
const event = (name: string, change: Partial<EventNameHealth> = {}): EventNameHealth => ({
  name,
  unit: 'account',
  lastAt: ago(1),
  count: 10,
  perMinute: 2,
  ...change,
})
const health = (metric: Parameters<typeof defineMetric>[0], names: readonly EventNameHealth[], prometheus = false) =>
  metricHealth(defineMetric(metric), { names, prometheus }, NOW)

const ADOPTION = { kind: 'adoption', key: 'a', event: 'pdf.exported' } as const
const RATIO = {
  kind: 'ratio',
  key: 'r',
  numerator: { event: 'refund', field: 'value' },
  denominator: { event: 'payment', field: 'value' },
} as const

it('says that a name has never arrived', () => {
  expect(health(ADOPTION, [event('other')])).toMatchObject({
    state: 'never',
    lastAt: null,
    perMinute: 0,
    missing: ['pdf.exported'],
    sentence: '"pdf.exported" has never arrived here. Is the name right, and does the code send it?',
  })
})

it('counts an event that is told for two units once', () => {
  const names = [event('pdf.exported'), event('pdf.exported', { unit: 'user', perMinute: 2, lastAt: ago(2) })]
  expect(health(ADOPTION, names)).toMatchObject({ state: 'arriving', perMinute: 2, lastAt: ago(1), missing: [] })
})

it('says for whom it arrives where that is not the unit of the metric', () => {
  expect(health({ ...ADOPTION, unit: 'user' }, [event('pdf.exported')])).toMatchObject({
    state: 'other-unit',
    sentence: '"pdf.exported" arrives for account, and never for user.',
  })
})

it('is quiet after a day without events', () => {
  expect(health(ADOPTION, [event('pdf.exported', { lastAt: ago(25), perMinute: 0 })]).state).toBe('quiet')
  expect(health(ADOPTION, [event('pdf.exported', { lastAt: ago(23), perMinute: 0 })]).state).toBe('arriving')
})

it('is as healthy as the worst of two events', () => {
  expect(health(RATIO, [event('payment')])).toMatchObject({ state: 'never', missing: ['refund'], perMinute: 0 })
  const both = [event('payment', { perMinute: 9 }), event('refund', { lastAt: ago(30), perMinute: 1 })]
  expect(health(RATIO, both)).toMatchObject({ state: 'quiet', perMinute: 1, lastAt: ago(30) })
})

it('asks for a Prometheus where a metric needs one', () => {
  const metric = { kind: 'external', key: 'e', query: 'x{g="{{group}}"}' } as const
  expect(health(metric, []).sentence).toMatch(/no Prometheus connection/)
  expect(health(metric, [], true)).toMatchObject({ state: 'outside', missing: [] })
})
