import { defineMetric, type MetricInput, metricCatalogue } from '@dimmer/rollout'
import { describe, expect, it } from 'vitest'
import { FIELDS_OF, formOf, formProblems, metricOfForm, newMetricForm, settingsOf, withKind } from './metric-form.ts'
import { metricSentence } from './metric-words.ts'

const KNOWN: Readonly<Record<string, unknown>> = {
  event: 'pdf.exported',
  numerator: { event: 'refund', field: 'value' },
  denominator: { event: 'payment', field: 'value' },
  query: 'errors{group="{{group}}"}',
}
const METRICS = metricCatalogue.map(({ kind, needs }) => {
  const given: unknown = { kind, key: kind, ...Object.fromEntries(needs.map(field => [field, KNOWN[field]])) }
  return defineMetric(given as MetricInput)
})

describe.each(METRICS)('a metric of kind $kind', metric => {
  it('is the same after it was in the form', () => {
    expect(metricOfForm(formOf({ ...metric, unit: 'account' }))).toEqual({ ...metric, unit: 'account' })
    expect(formProblems(formOf(metric))).toEqual({})
  })

  it('is asked for every field that it needs, and said in a sentence', () => {
    const { needs, defaults } = metricCatalogue.find(({ kind }) => kind === metric.kind) ?? { needs: [], defaults: {} }
    expect(FIELDS_OF[metric.kind]).toEqual(expect.arrayContaining([...needs, ...Object.keys(defaults)]))
    expect(metricSentence(metric)).toMatch(/^[A-Z].*(More|Less) is worse\.$/)
    expect(metricSentence(metric)).not.toMatch(/undefined|NaN|P\d|PT/)
  })
})

it('reads as a sentence while the event is still to be named', () => {
  const words = metricSentence(metricOfForm(newMetricForm('adoption')))
  expect(words).toContain('with at least one event within 48 hours')
})

it('says what is missing, field by field', () => {
  expect(formProblems(newMetricForm('ratio'))).toEqual({
    name: expect.any(String),
    key: expect.any(String),
    numerator: expect.stringContaining('Name the event'),
    denominator: expect.stringContaining('Name the event'),
  })
  const odd = { ...newMetricForm('sentiment'), name: 'S', key: 's', lowest: 2, within: 'PD' }
  expect(Object.keys(formProblems(odd)).toSorted()).toEqual(['highest', 'within'])
})

it('another kind brings what is usual for it and keeps what was typed', () => {
  const typed = { ...newMetricForm('adoption'), name: 'Exports', event: 'pdf.exported' }
  expect(withKind(typed, 'reversal')).toMatchObject({
    name: 'Exports',
    event: 'pdf.exported',
    worse: 'higher',
    within: 'PT72H',
  })
  expect(withKind(newMetricForm('adoption'), 'tickets').event).toBe('ticket')
  expect(settingsOf({ ...newMetricForm('mean'), cap: undefined })).not.toHaveProperty('cap')
})

it.each<[MetricInput, string]>([
  [
    { kind: 'adoption', key: 'a', event: 'pdf.exported', unit: 'account' },
    'Share of accounts with at least one “pdf.exported” within 48 hours of getting it. Less is worse.',
  ],
  [
    { kind: 'mean', key: 'm', event: 'invoice.created' },
    'Number of “invoice.created” per unit in the first 7 days after getting it. Less is worse.',
  ],
  [
    { kind: 'latency', key: 'l', event: 'pdf.made' },
    'The time that 95 % of all “pdf.made” stay within. More is worse.',
  ],
])('is said in plain words', (input, sentence) => expect(metricSentence(defineMetric(input))).toBe(sentence))
