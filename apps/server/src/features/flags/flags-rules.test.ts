import type { FlagConfig } from '@dimmer/protocol'
import { describe, expect, it } from 'vitest'
import { changedRules, firstConfig, settledVariant, withRule, withShare } from './flags-rules.ts'

const config = (parts: Partial<FlagConfig> = {}): FlagConfig => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [],
  fallthrough: { variant: 'off' },
  ...parts,
})
const rule = (percent: number, variant = 'on') => ({
  id: 'rollout',
  share: { unit: 'account', percent },
  serve: { variant },
})
const split = (on: number, off: number) => ({
  split: {
    unit: 'user',
    arms: [
      { variant: 'on', weight: on },
      { variant: 'off', weight: off },
    ],
  },
})

describe('the variant that everybody gets', () => {
  const cases: [string, FlagConfig, string | undefined][] = [
    ['off: the off variant', config({ on: false, rules: [rule(50)] }), 'off'],
    ['no rules: the fallthrough', config({ fallthrough: { variant: 'on' } }), 'on'],
    ['a share of 5 %: it depends', config({ rules: [rule(5)] }), undefined],
    ['a share of 0 %: as if the rule were not there', config({ rules: [rule(0)] }), 'off'],
    ['a share of 100 %: the rule', config({ rules: [rule(100)] }), 'on'],
    ['a share that leads to the same variant as the rest', config({ rules: [rule(5, 'off')] }), 'off'],
    ['a split: it depends', config({ fallthrough: split(1, 1) }), undefined],
    ['a split with all weight on one arm', config({ fallthrough: split(1, 0) }), 'on'],
    ['prerequisites: it depends', config({ prerequisites: [{ flag: 'a', variants: ['on'] }] }), undefined],
    [
      'a condition before everybody: it depends',
      config({ rules: [{ id: 'r', when: { attribute: 'plan', op: 'exists' }, serve: { variant: 'off' } }, rule(100)] }),
      undefined,
    ],
  ]
  it.each(cases)('%s', (_name, flag, variant) => {
    expect(settledVariant(flag)).toBe(variant)
  })
})

describe('a new boolean flag', () => {
  const variants = { enabled: true, disabled: false }

  it('is off, and once switched on it is on for everybody, whatever its variants are called', () => {
    const first = firstConfig({ key: 'k', type: 'boolean' }, variants)
    expect(first).toMatchObject({ on: false, offVariant: 'disabled', fallthrough: { variant: 'enabled' } })
  })

  it('with rules is only for those whom they name', () => {
    const rules = [{ id: 'pilots', serve: { variant: 'enabled' } }]
    const first = firstConfig({ key: 'k', type: 'boolean', config: { rules } }, variants)
    expect(first.fallthrough).toEqual({ variant: 'disabled' })
  })
})

it('a new flag of another type gives its first variant', () => {
  const first = firstConfig({ key: 'k', type: 'string' }, { red: 'red', blue: 'blue' })
  expect(first).toMatchObject({ on: false, offVariant: 'red', fallthrough: { variant: 'red' } })
})

it('a share is changed where the rule stands, and nowhere if there is no such rule', () => {
  const before = config({ rules: [{ id: 'first', serve: { variant: 'on' } }, rule(5)] })
  expect(withShare(before, 'rollout', { unit: 'account', percent: 25 })?.rules.map(({ id }) => id)).toEqual([
    'first',
    'rollout',
  ])
  expect(withShare(before, 'nobody', { unit: 'account', percent: 25 })).toBeUndefined()
})

it('a share that deals as another system did goes on dealing so', () => {
  const hash = { scheme: 'unleash', salt: 'checkout' } as const
  const before = config({ rules: [{ ...rule(5), share: { unit: 'account', percent: 5, hash } }] })
  expect(withShare(before, 'rollout', { unit: 'account', percent: 25 })?.rules[0]?.share).toEqual({
    unit: 'account',
    percent: 25,
    hash,
  })
})

it('a rule keeps its place when it is replaced, and comes last when it is new', () => {
  const before = config({ rules: [rule(5), { id: 'last', serve: { variant: 'on' } }] })
  expect(withRule(before, rule(50)).rules.map(({ id }) => id)).toEqual(['rollout', 'last'])
  expect(withRule(before, { id: 'new', serve: { variant: 'on' } }).rules.at(-1)?.id).toBe('new')
})

it('names the rules that differ, also those that came or went', () => {
  const before = config({ rules: [rule(5), { id: 'gone', serve: { variant: 'on' } }] })
  const after = config({ rules: [rule(6), { id: 'came', serve: { variant: 'on' } }] })
  expect([...changedRules(before, after)].sort()).toEqual(['came', 'gone', 'rollout'])
  expect(changedRules(before, before)).toEqual([])
  const reordered = (config: FlagConfig): FlagConfig => ({
    ...config,
    rules: config.rules.map(({ serve, ...rest }) => ({ serve, ...rest })),
  })
  expect(changedRules(before, reordered(before))).toEqual([])
})
