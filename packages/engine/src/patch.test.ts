import { expect, it } from 'vitest'
import type { Flag, Ruleset } from './model.ts'
import { applyPatch, diffRulesets } from './patch.ts'

function flag(key: string, version: number, on = true): Flag {
  return {
    key,
    type: 'boolean',
    variants: { on: true, off: false },
    salt: key,
    version,
    on,
    offVariant: 'off',
    prerequisites: [],
    rules: [],
    fallthrough: { variant: 'on' },
  }
}

function ruleset(version: number, flags: readonly Flag[], extra: Partial<Ruleset> = {}): Ruleset {
  return {
    schema: 1,
    project: 'p',
    environment: 'e',
    version,
    flags: Object.fromEntries(flags.map(one => [one.key, one])),
    segments: {},
    units: {},
    ...extra,
  }
}

const before = ruleset(1, [flag('kept', 1), flag('changed', 1), flag('removed', 1)], {
  segments: { pilots: { key: 'pilots' }, gone: { key: 'gone' } },
})
const after = ruleset(4, [flag('kept', 1), flag('changed', 4, false), flag('constructor', 3)], {
  segments: { pilots: { key: 'pilots', list: { unit: 'account', ids: ['a'] } } },
})

it('a patch holds what changed and null for what was removed', () => {
  expect(diffRulesets(before, after)).toEqual({
    from: 1,
    to: 4,
    flags: { changed: flag('changed', 4, false), constructor: flag('constructor', 3), removed: null },
    segments: { pilots: after.segments.pilots, gone: null },
  })
})

it('a patch leads from the one ruleset to the other', () => {
  expect(applyPatch(before, diffRulesets(before, after))).toEqual(after)
  expect(applyPatch(after, diffRulesets(after, before))).toEqual(before)
})

it('what did not change stays the same object', () => {
  expect(applyPatch(before, diffRulesets(before, after))?.flags.kept).toBe(before.flags.kept)
})

it('a patch that starts at another version is a gap', () => {
  expect(applyPatch(ruleset(2, []), diffRulesets(before, after))).toBeUndefined()
})

it('a return to an earlier content still is a patch with a new version', () => {
  const back = { ...before, version: 9 }
  expect(diffRulesets({ ...before, version: 8 }, back)).toEqual({ from: 8, to: 9, flags: {}, segments: {} })
})

it('the order of keys is no difference', () => {
  const turned = Object.fromEntries(Object.entries(flag('kept', 1)).reverse()) as unknown as Flag
  expect(diffRulesets(ruleset(1, [flag('kept', 1)]), ruleset(2, [turned])).flags).toEqual({})
})

it('custom units travel when they change', () => {
  const next = ruleset(2, [], { units: { device: 'device.id' } })
  expect(applyPatch(ruleset(1, []), diffRulesets(ruleset(1, []), next))).toEqual(next)
})

it('private attributes travel in a patch when they change, and are gone again when there are none', () => {
  const open = ruleset(1, [])
  const some = ruleset(2, [], { privateAttributes: ['email', 'home.street'] })
  const openAgain = ruleset(3, [])
  expect(diffRulesets(open, ruleset(2, [], { privateAttributes: [] }))).not.toHaveProperty('privateAttributes')
  expect(applyPatch(open, diffRulesets(open, some))).toEqual(some)
  expect(applyPatch(some, { from: 2, to: 3, flags: {}, segments: {} })).toEqual({ ...some, version: 3 })
  expect(applyPatch(some, diffRulesets(some, openAgain))).toEqual(openAgain)
})
