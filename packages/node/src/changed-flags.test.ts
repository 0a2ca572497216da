import { expect, it } from 'vitest'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import { changedFlags } from './changed-flags.ts'

const inSegment = (segment: string) =>
  booleanFlag(`in-${segment}`, {
    rules: [{ id: 'r', when: { not: { any: [{ segment }] } }, serve: { variant: 'off' } }],
  })
const needs = (key: string, flag: string) => booleanFlag(key, { prerequisites: [{ flag, variants: ['on'] }] })
const segments = {
  pilots: { key: 'pilots', list: { unit: 'account', ids: ['acc-1'] } },
  friends: { key: 'friends', when: { all: [{ segment: 'pilots' }] } },
  others: { key: 'others', when: { any: [] } },
}
const flags = [
  booleanFlag('a'),
  booleanFlag('b'),
  needs('needs-a', 'a'),
  needs('needs-needs-a', 'needs-a'),
  inSegment('friends'),
  inSegment('others'),
]
const before = rulesetOf(1, flags, { segments })

it('names all flags of the first ruleset', () => {
  expect(changedFlags(undefined, before)).toEqual(flags.map(flag => flag.key))
})

it('names none when nothing changed', () => {
  expect(changedFlags(before, { ...structuredClone(before), version: 2 })).toEqual([])
})

it('names a changed flag and those that need it', () => {
  const after = rulesetOf(2, [booleanFlag('a', { version: 2, on: false }), ...flags.slice(1)], { segments })
  expect(changedFlags(before, after)).toEqual(['a', 'needs-a', 'needs-needs-a'])
})

it('names flags that came and went', () => {
  const after = rulesetOf(2, [booleanFlag('new'), ...flags.filter(flag => flag.key !== 'b')], { segments })
  expect([...changedFlags(before, after)].sort()).toEqual(['b', 'new'])
})

it('names the flags of a changed segment, also through another segment', () => {
  const pilots = { key: 'pilots', list: { unit: 'account', ids: ['acc-1', 'acc-2'] } }
  expect(changedFlags(before, rulesetOf(2, flags, { segments: { ...segments, pilots } }))).toEqual(['in-friends'])
})

it('names all flags when the units changed', () => {
  const after = rulesetOf(2, flags, { segments, units: { device: 'device.id' } })
  expect(changedFlags(before, after)).toEqual(flags.map(flag => flag.key))
})
