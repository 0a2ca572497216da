import type { FlagConfig } from '@dimmer/protocol'
import { describe, expect, it } from 'vitest'
import { SAMPLE_FLAGS, sampleConfig } from '../../../../test/sample-flags.ts'
import { durationWords } from '../../../shared/format/duration-words.ts'
import { OPERATOR_OPTIONS } from '../edit/model/operator-choices.ts'
import { describeCondition, namedUnits } from './describe-condition.ts'
import { hashWords } from './describe-hash.ts'
import { describeKill } from './describe-kill.ts'
import { describePrerequisite, describeRuleFully } from './describe-rule.ts'
import { describeShare, shareConsequence, splitRatio } from './describe-share.ts'

const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')
const two = { variants: { on: true, off: false } }
const config = (change: Partial<FlagConfig>): FlagConfig => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [],
  fallthrough: { variant: 'off' },
  ...change,
})

describe('describeCondition', () => {
  it('reads a tree of tests as a sentence', () => {
    expect(
      describeCondition({
        all: [
          { attribute: 'plan', op: 'equals', value: 'free' },
          { attribute: 'country', op: 'in', value: ['US', 'GB'] },
        ],
      }),
    ).toBe('plan is free and country is US or GB')
  })

  it('puts brackets where "and" meets "or"', () => {
    const plan = { attribute: 'plan', op: 'equals', value: 'pro' } as const
    const seats = { attribute: 'seats', op: 'gte', value: 50 } as const
    expect(describeCondition({ any: [{ all: [plan, seats] }, { not: plan }] })).toBe(
      '(plan is pro and seats is at least 50) or not (plan is pro)',
    )
  })

  it('names four values and counts the rest', () => {
    expect(describeCondition({ attribute: 'country', op: 'in', value: ['A', 'B', 'C', 'D', 'E', 'F'] })).toBe(
      'country is A, B, C, D or 2 more',
    )
  })

  it('counts the rest of a long list with separators', () => {
    const value = Array.from({ length: 1_430 }, (_, index) => `acc-${index}`)
    expect(describeCondition({ attribute: 'accountId', op: 'in', value })).toMatch(/, acc-3 or 1,426 more$/)
  })

  it('says an age as a time span', () => {
    expect(describeCondition({ attribute: 'accountCreatedAt', op: 'olderThan', value: 'P30D' })).toBe(
      'accountCreatedAt is more than 30 days ago',
    )
  })

  it('says how many elements and values count, and what capitals do', () => {
    const tags = { attribute: 'tags', op: 'contains', value: ['beta', 'eu'] } as const
    expect(describeCondition({ ...tags, values: 'all', elements: 'all', ignoreCase: true })).toBe(
      'every element of tags contains beta and eu (in capitals or not)',
    )
    expect(describeCondition({ ...tags, elements: 'any' })).toBe('tags contains beta or eu')
    expect(describeCondition({ attribute: 'tags', op: 'notIn', value: ['a'], elements: 'any' })).toBe(
      'some element of tags is not a',
    )
    expect(describeCondition({ not: { segment: 'pilots' } })).toBe('not in segment pilots')
  })

  it('has words for every operator', () => {
    const said = OPERATOR_OPTIONS.flatMap(({ items }) =>
      items.map(({ value: op }) => describeCondition({ attribute: 'it', op, value: 'P1Y6M' })),
    )
    // Of one value, `is` and `is one of` say the same, and so do their opposites.
    expect(new Set(said).size).toBe(said.length - 2)
    expect(said).toContain('it is more than 1 year 6 months ago')
    expect(said).toContain('it is an address in P1Y6M')
  })

  it('says what conditions of nothing mean', () => {
    expect(describeCondition({ all: [] })).toBe('always')
    expect(describeCondition({ any: [] })).toBe('never')
  })

  it('knows named units from other lists', () => {
    expect(namedUnits({ attribute: 'accountId', op: 'in', value: ['a', 'b'] })).toEqual({
      unit: 'account',
      ids: ['a', 'b'],
    })
    expect(namedUnits({ attribute: 'plan', op: 'in', value: ['a', 'b'] })).toBeUndefined()
    expect(namedUnits({ attribute: 'accountId', op: 'notIn', value: ['a'] })).toBeUndefined()
  })
})

describe('describeShare', () => {
  it.each([
    ['new-pdf-engine', '5 % of accounts', 5],
    ['redesigned-dashboard', '50/50 by user', undefined],
    ['ai-chatbot', 'rule: plan is free and country is US or GB', undefined],
    ['bulk-invoice-api', '3 named accounts', undefined],
    ['maintenance-mode', 'off for everybody', 0],
  ])('says who has %s', (key, text, level) => {
    const flag = SAMPLE_FLAGS.find(one => one.key === key)
    if (flag === undefined) throw new Error(`no sample flag ${key}`)
    const words = describeShare(flag, sampleConfig(flag, 'production'))
    expect([plain(words.text), words.level]).toEqual([text, level])
  })

  it('says what it would be while it is off', () => {
    const rules = [{ id: 'r', share: { unit: 'account', percent: 12.5 }, serve: { variant: 'on' } }]
    expect(plain(describeShare(two, config({ on: false, rules })).whenOn)).toBe('12.5 % of accounts')
  })

  it('says everybody and nobody', () => {
    expect(describeShare(two, config({ fallthrough: { variant: 'on' } }))).toEqual({ text: 'everybody', level: 100 })
    expect(describeShare(two, config({}))).toEqual({ text: 'nobody', level: 0 })
  })

  it('says whom a rule leaves out', () => {
    const rules = [
      { id: 'r', when: { attribute: 'plan', op: 'equals', value: 'free' }, serve: { variant: 'off' } },
    ] as const
    expect(describeShare(two, config({ rules, fallthrough: { variant: 'on' } })).text).toBe(
      'not for those where plan is free; everybody else',
    )
  })

  it('names variants when there are more than two, and shortens long lists of rules', () => {
    const three = { variants: { a: 'a', b: 'b', c: 'c' } }
    const rules = ['1', '2', '3'].map(id => ({ id, share: { unit: 'user', percent: 10 }, serve: { variant: 'b' } }))
    expect(plain(describeShare(three, config({ offVariant: 'a', rules, fallthrough: { variant: 'c' } })).text)).toBe(
      '10 % of users get b; 10 % of users get b; 1 more; everybody else gets c',
    )
  })

  it('turns weights into percentages', () => {
    const arms = [1, 1, 1].map((weight, index) => ({ variant: `v${index}`, weight }))
    expect(splitRatio({ unit: 'user', arms })).toBe('33.333/33.333/33.333')
    expect(splitRatio({ unit: 'user', arms: [{ variant: 'a', weight: 0 }] })).toBe('nobody')
  })
})

describe('shareConsequence', () => {
  const at = (percent: number) => ({ unit: 'account', percent })

  it('says who joins and who leaves', () => {
    expect(plain(shareConsequence(at(5), at(25)))).toBe('20 % of accounts join. Everybody who has it keeps it.')
    expect(plain(shareConsequence(at(25), at(5)))).toContain('20 % of accounts lose it.')
    expect(shareConsequence(at(5), at(5))).toBe('Nothing changes.')
  })
})

describe('a rule', () => {
  it('says who, what, when, and how it is dealt', () => {
    const rule = {
      id: 'r',
      name: 'Pilots',
      from: '2026-03-01T09:00:00Z',
      until: '2026-04-01T09:00:00Z',
      when: { attribute: 'plan', op: 'equals', value: 'pro' },
      share: { unit: 'workspace', percent: 5, hash: { scheme: 'launchdarkly', salt: 'abc' } },
      serve: { variant: 'on' },
    } as const
    expect(plain(describeRuleFully(rule))).toBe(
      'Pilots: 5 % of workspaces where plan is pro get on, from 2026-03-01T09:00:00Z until 2026-04-01T09:00:00Z, dealt like LaunchDarkly, with the salt "abc"',
    )
    expect(describeRuleFully({ id: 'r', when: rule.when, serve: rule.serve })).toBe('those where plan is pro get on')
    expect(describePrerequisite({ flag: 'dashboard', variants: ['a', 'b'] })).toBe('dashboard serves a or b')
  })

  it('says nothing of what is as usual', () => {
    expect(hashWords(undefined)).toBeUndefined()
    expect(hashWords({ scheme: 'murmur3' })).toBeUndefined()
    expect(hashWords({ scheme: 'murmur3', salt: 's' })).toBe('dealt with the salt "s"')
    expect([durationWords('PT36H'), durationWords('P1W'), durationWords('soon')]).toEqual([
      '36 hours',
      '1 week',
      'soon',
    ])
  })
})

describe('describeKill', () => {
  it('says what everybody gets, who has it now and that nothing is lost', () => {
    const rules = [{ id: 'r', share: { unit: 'account', percent: 5 }, serve: { variant: 'on' } }]
    expect(describeKill(two, config({ rules }), 'production').map(plain)).toEqual([
      'Everybody in production gets off (false), whatever the rules say.',
      'Now: 5 % of accounts.',
      'The rules stay. Switching it on again brings it back to the same ones.',
    ])
  })
})
