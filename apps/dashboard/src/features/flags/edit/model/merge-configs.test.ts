import type { Rule } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configDiff } from './config-diff.ts'
import { mergeConfigs } from './merge-configs.ts'

const rule = (id: string, percent: number): Rule => ({
  id,
  name: id.toUpperCase(),
  share: { unit: 'account', percent },
  serve: { variant: 'on' },
})
const config = (rules: readonly Rule[], parts: Partial<FlagConfig> = {}): FlagConfig => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules,
  fallthrough: { variant: 'off' },
  ...parts,
})
const base = config([rule('a', 5), rule('b', 5), rule('c', 5)])

describe('two people change one flag', () => {
  it('in different places: both changes stand', () => {
    const mine = config([rule('a', 5), rule('b', 25), rule('c', 5), rule('d', 1)])
    const theirs = config([rule('c', 5), rule('a', 10), rule('b', 5)], { on: false })
    expect(mergeConfigs({ base, mine, theirs })).toEqual({
      config: config([rule('c', 5), rule('d', 1), rule('a', 10), rule('b', 25)], { on: false }),
      both: [],
    })
  })

  it('in the same place: mine stands, and it is said', () => {
    const mine = config([rule('a', 25), rule('b', 5), rule('c', 5)], { offVariant: 'on' })
    const theirs = config([rule('a', 50), rule('b', 5)], { offVariant: 'none' })
    const merged = mergeConfigs({ base, mine, theirs })
    expect(merged.both).toEqual(['rule "A"', 'off variant'])
    expect(merged.config).toEqual(config([rule('a', 25), rule('b', 5)], { offVariant: 'on' }))
  })

  it('and one of them deletes what the other edits: the edit stands', () => {
    const mine = config([rule('a', 5), rule('b', 25), rule('c', 5)])
    const { config: merged, both } = mergeConfigs({ base, mine, theirs: config([rule('a', 5), rule('c', 5)]) })
    expect([merged.rules.map(({ id }) => id), both]).toEqual([['a', 'b', 'c'], ['rule "B"']])
  })

  const configs = fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom(5, 10)), { selector: ([id]) => id })
    .map(rules => config(rules.map(([id, percent]) => rule(id, percent))))

  it('what nobody else changed is mine, what I did not change is theirs', () => {
    fc.assert(
      fc.property(configs, configs, (one, other) => {
        expect(mergeConfigs({ base: one, mine: other, theirs: one }).config).toEqual(other)
        expect(mergeConfigs({ base: one, mine: one, theirs: other }).config).toEqual(other)
      }),
    )
  })
})

describe('the difference of two configs, in words', () => {
  it('names what is new, gone, changed and moved', () => {
    const after = config([rule('c', 5), rule('a', 25), rule('d', 1)], { fallthrough: { variant: 'on' } })
    expect(
      configDiff(base, after).map(({ what, before, after: now }) =>
        [what, before, now].map(text => text?.replaceAll('\u00a0', ' ')),
      ),
    ).toEqual([
      ['Rule 2 is removed', 'B: 5 % of accounts get on', undefined],
      ['Rule 2 changes', 'A: 5 % of accounts get on', 'A: 25 % of accounts get on'],
      ['Rule 3 is new', undefined, 'D: 1 % of accounts get on'],
      ['Order', 'A, C', 'C, A'],
      ['Everybody else', 'off', 'on'],
    ])
  })

  it('says nothing of the order where a rule has another name', () => {
    const [first, ...others] = base.rules
    if (first === undefined) throw new Error('there is a rule')
    const renamed = configDiff(base, config([{ ...first, name: 'Pilots' }, ...others]))
    expect(renamed.map(({ what }) => what)).toEqual(['Rule 1 changes'])
  })

  it('is nothing between equals, the order of fields aside', () => {
    const [first] = base.rules
    if (first === undefined) throw new Error('there is a rule')
    const { id, ...rest } = first
    expect(configDiff(base, config([{ ...rest, id }, ...base.rules.slice(1)]))).toEqual([])
  })
})
