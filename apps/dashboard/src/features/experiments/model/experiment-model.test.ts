import type { ExperimentView, FlagView, MetricView } from '@dimmer/protocol'
import { type ArmReading, defineMetric } from '@dimmer/rollout'
import { describe, expect, it } from 'vitest'
import { SAMPLE_FLAGS } from '../../../../test/sample-flags.ts'
import { liftAt, liftSpan } from './lift-scale.ts'
import { liftWords, summaryWords } from './reading-words.ts'
import { armWords, readableBy, splitsOf } from './splits.ts'

const arms = (...weights: readonly number[]) => weights.map((weight, index) => ({ variant: `v${index}`, weight }))
const [sample] = SAMPLE_FLAGS
if (sample === undefined) throw new Error('there are sample flags')

const flagWith = (config: Partial<FlagView['environments'][number]>): FlagView => ({
  ...sample,
  archivedAt: null,
  environments: [
    {
      ...(sample.environments[0] as FlagView['environments'][number]),
      environment: 'production',
      rules: [],
      ...config,
    },
  ],
})

describe('the splits of an environment', () => {
  const split = { unit: 'user', arms: arms(50, 50) }

  it('are those of rules and of everybody else, with two arms at least that somebody gets', () => {
    const rules = [
      { id: 'eu', name: 'Europe', serve: { split } },
      { id: 'us', serve: { variant: 'v0' } },
      { id: 'one', serve: { split: { unit: 'user', arms: arms(100, 0) } } },
    ]
    const found = splitsOf([flagWith({ rules, fallthrough: { split } })], 'production')
    expect(found.map(({ rule, who }) => [rule, who])).toEqual([
      ['eu', 'rule Europe'],
      [undefined, 'everybody else'],
    ])
    expect(splitsOf([flagWith({ fallthrough: { split } })], 'elsewhere')).toEqual([])
  })

  it('are said with the part of each arm', () => {
    expect(armWords({ arms: arms(1, 2) })).toBe('v0 33.3\u00a0%, v1 66.7\u00a0%')
  })

  it('are read by metrics of one number per unit, for their own unit', () => {
    const view = (definition: MetricView['definition']): MetricView => ({
      definition,
      createdAt: '',
      changedAt: '',
      usedBy: [],
    })
    const library = [
      view(defineMetric({ kind: 'mean', key: 'any', event: 'e' })),
      view(defineMetric({ kind: 'mean', key: 'account', event: 'e', unit: 'account' })),
      view(defineMetric({ kind: 'error-rate', key: 'errors', event: 'e' })),
    ]
    expect(readableBy(library, { unit: 'user' }).map(({ definition }) => definition.key)).toEqual(['any'])
  })
})

const reading = (sentence: string, verdict: ArmReading['verdict']): ArmReading => ({
  variant: 'redesigned',
  units: 2_000,
  estimate: 1,
  baseline: 1,
  lift: 0,
  lower: 0,
  upper: 0,
  logE: 0,
  verdict,
  explained: 0,
  sentence,
})

it('sums up what is proven, and says when nothing is', () => {
  const view = (...readings: readonly ArmReading[]): ExperimentView => ({
    rule: null,
    unit: 'user',
    since: { version: 1, at: '' },
    baseline: 'classic',
    arms: ['classic', 'redesigned'].map(variant => ({ variant, weight: 50, units: 2_000 })),
    crossed: 0,
    metrics: readings.map((one, index) => ({ metric: `m${index}`, arms: [one], segments: [] })),
    at: 0,
  })
  const up = reading('+12 % invoices created (+8.1 % to +16 %)', 'better')
  const down = reading('-8 % PDF exports (-11 % to -5.3 %)', 'worse')
  const open = reading('+1 % tickets (-4 % to +6 %)', 'no-difference-yet')
  expect(summaryWords(view(up, open, down))).toEqual([
    'redesigned against classic: +12 % invoices created and -8 % PDF exports.',
  ])
  expect(summaryWords(view(open))).toEqual(['redesigned against classic: nothing proven yet.'])
})

it('draws all intervals on one scale around no difference', () => {
  const span = liftSpan([
    { lift: 0.12, lower: 0.08, upper: 0.16 },
    { lift: -0.08, lower: -0.11, upper: -0.05 },
  ])
  expect(span).toBe(0.2)
  expect([-0.2, 0, 0.1, 5].map(lift => liftAt(lift, span))).toEqual([0, 0.5, 0.75, 1])
  expect(liftSpan([{ lift: 4, lower: undefined, upper: undefined }])).toBe(1)
  expect([0.1234, -0.08].map(liftWords)).toEqual(['+12.3\u00a0%', '−8\u00a0%'])
})
