import type { FlagConfig } from '@dimmer/protocol'
import { canaryTemplate } from '@dimmer/rollout'
import { expect, it } from 'vitest'
import { othersGet, withRolloutShare } from './rollouts-rules.ts'

const plan = canaryTemplate({ flag: 'f', environment: 'production', variant: 'on', unit: 'account' })
const config = (rules: FlagConfig['rules']): FlagConfig => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules,
  fallthrough: { variant: 'off' },
})

it('adds the rule of the rollout as the last one', () => {
  const staff = { id: 'staff', serve: { variant: 'on' } }
  expect(withRolloutShare(config([staff]), plan, 5).rules).toEqual([
    staff,
    { id: 'rollout', share: { unit: 'account', percent: 5 }, serve: { variant: 'on' } },
  ])
})

it('sets the share of the rule that is there and keeps its place, name, audience, dates and way of dealing', () => {
  const rule = {
    id: 'rollout',
    name: 'First accounts',
    when: { attribute: 'plan', op: 'exists' },
    from: '2026-01-01T00:00:00Z',
    share: { unit: 'account', percent: 5, hash: { scheme: 'unleash', salt: 's' } },
    serve: { variant: 'on' },
  } as const
  const last = { id: 'last', serve: { variant: 'off' } }
  expect(withRolloutShare(config([rule, last]), plan, 50).rules).toEqual([
    { ...rule, share: { ...rule.share, percent: 50 } },
    last,
  ])
})

it("takes the plan's audience over the rule's", () => {
  const audience = { attribute: 'country', op: 'in', value: ['DE'] } as const
  const rule = { id: 'rollout', when: { attribute: 'plan', op: 'exists' }, serve: { variant: 'on' } } as const
  expect(withRolloutShare(config([rule]), { ...plan, audience }, 5).rules[0]?.when).toEqual(audience)
})

it('the others get what the fallthrough serves, of a split the arm with the most weight', () => {
  const arms = [
    { variant: 'a', weight: 1 },
    { variant: 'b', weight: 3 },
  ]
  expect(othersGet(config([]))).toBe('off')
  expect(othersGet({ fallthrough: { split: { unit: 'account', arms } } })).toBe('b')
})
