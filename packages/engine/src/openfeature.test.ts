import { expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { compile, evaluate, type Flag, openFeatureReason } from './index.ts'

const half = { unit: 'account', percent: 50 } as const
const split = { split: { unit: 'account', arms: [{ variant: 'on', weight: 1 }] } } as const

const cases: readonly (readonly [string, Partial<Flag>, unknown, object])[] = [
  ['off', { on: false }, {}, { reason: 'DISABLED' }],
  ['a prerequisite that is not met', { prerequisites: [{ flag: 'x', variants: ['on'] }] }, {}, { reason: 'DISABLED' }],
  ['a rule for all', { rules: [{ id: 'r', serve: { variant: 'on' } }] }, {}, { reason: 'TARGETING_MATCH' }],
  [
    'a rule with a share',
    { rules: [{ id: 'r', share: { ...half, percent: 100 }, serve: { variant: 'on' } }] },
    { accountId: 'a' },
    { reason: 'SPLIT' },
  ],
  ['a rule with a split', { rules: [{ id: 'r', serve: split }] }, { accountId: 'a' }, { reason: 'SPLIT' }],
  ['nothing that matched', {}, {}, { reason: 'DEFAULT' }],
  [
    'a share that held out',
    { rules: [{ id: 'r', share: { ...half, percent: 0 }, serve: { variant: 'on' } }] },
    { accountId: 'a' },
    { reason: 'DEFAULT' },
  ],
  ['a split for everybody else', { fallthrough: split }, { accountId: 'a' }, { reason: 'SPLIT' }],
  ['a split without a unit', { fallthrough: split }, {}, { reason: 'DEFAULT' }],
  ['no context', {}, 'nobody', { reason: 'ERROR', errorCode: 'INVALID_CONTEXT' }],
  ['a broken flag', { offVariant: 'grey' }, {}, { reason: 'ERROR', errorCode: 'PARSE_ERROR' }],
]

it.each(cases)('OpenFeature hears of %s', (_, parts, context, resolution) => {
  const snapshot = compile(rulesetOf([flagOf('f', parts)]))
  expect(openFeatureReason(evaluate(snapshot, 'f', context, 0))).toEqual(resolution)
})

it('OpenFeature hears of a flag that is not there', () => {
  const evaluation = evaluate(compile(rulesetOf([])), 'f', {}, 0)
  expect(openFeatureReason(evaluation)).toEqual({ reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' })
})
