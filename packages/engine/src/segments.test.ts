import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { type Condition, compile, evaluate, explain, type Ruleset, type Segment } from './index.ts'

function forSegment(segments: Readonly<Record<string, Segment>>, when: Condition = { segment: 'pilots' }): Ruleset {
  return rulesetOf([flagOf('f', { rules: [{ id: 'r', when, serve: { variant: 'on' } }] })], { segments })
}

function gives(ruleset: Ruleset, context: unknown): unknown {
  return evaluate(compile(ruleset), 'f', context, 0).value
}

describe('a segment', () => {
  it('holds those on its list and those who meet its condition', () => {
    const ruleset = forSegment({
      pilots: {
        key: 'pilots',
        list: { unit: 'account', ids: ['acme', '7'] },
        when: { attribute: 'plan', op: 'equals', value: 'beta' },
      },
    })
    expect(gives(ruleset, { accountId: 'acme' })).toBe(true)
    expect(gives(ruleset, { accountId: 7 })).toBe(true)
    expect(gives(ruleset, { plan: 'beta' })).toBe(true)
    expect(gives(ruleset, { accountId: 'other', plan: 'free' })).toBe(false)
    expect(gives(ruleset, {})).toBe(false)
  })

  it('with neither list nor condition, or an empty list, holds nobody', () => {
    expect(gives(forSegment({ pilots: { key: 'pilots' } }), { accountId: 'acme' })).toBe(false)
    expect(gives(forSegment({ pilots: { key: 'pilots', list: { unit: 'account', ids: [] } } }), {})).toBe(false)
  })

  it('a missing id in a list is not reported as a missing unit: only shares and splits need one', () => {
    const ruleset = forSegment({ pilots: { key: 'pilots', list: { unit: 'account', ids: ['acme'] } } })
    expect(evaluate(compile(ruleset), 'f', {}, 0).missingUnit).toBeUndefined()
  })

  it('may name others, in any order', () => {
    const ruleset = forSegment({
      pilots: { key: 'pilots', when: { all: [{ segment: 'staff' }, { not: { segment: 'banned' } }] } },
      banned: { key: 'banned', list: { unit: 'user', ids: ['u2'] } },
      staff: { key: 'staff', when: { attribute: 'email', op: 'emailDomain', value: 'dimmer.test' } },
    })
    expect(gives(ruleset, { email: 'a@dimmer.test', userId: 'u1' })).toBe(true)
    expect(gives(ruleset, { email: 'a@dimmer.test', userId: 'u2' })).toBe(false)
  })

  it('leaves out those on its list of exceptions, and says so', () => {
    const ruleset = forSegment({
      pilots: {
        key: 'pilots',
        when: { attribute: 'plan', op: 'equals', value: 'beta' },
        exclude: { unit: 'account', ids: ['acme'] },
      },
    })
    expect(gives(ruleset, { accountId: 'other', plan: 'beta' })).toBe(true)
    expect(gives(ruleset, { accountId: 'acme', plan: 'beta' })).toBe(false)
    expect(explain(compile(ruleset), 'f', { accountId: 'acme', plan: 'beta' }, 0).steps[0]).toMatchObject({
      condition: { kind: 'segment', holds: false, listed: undefined, excluded: true },
      sentence: "rule 1 'r' did not match: not in segment 'pilots': account acme is excluded from it",
    })
  })

  it.each([1_000, 1_001, 30_000])('with a list of %i ids holds exactly those', count => {
    const ids = Array.from({ length: count }, (_, i) => `Ünit-${(i * 7919) % count}`)
    const ruleset = forSegment({
      pilots: { key: 'pilots', list: { unit: 'account', ids: [...ids, ...ids.slice(0, 9)] } },
    })
    const snapshot = compile(ruleset)
    const holds = (accountId: string) => evaluate(snapshot, 'f', { accountId }, 0).value
    expect(ids.filter(id => holds(id) !== true)).toEqual([])
    expect(ids.filter(id => holds(`${id}-`) !== false)).toEqual([])
    expect(holds('constructor')).toBe(false)
  })

  it('reads a list that did not change only once', () => {
    let reads = 0
    const ids = new Proxy(['acme'], {
      get(target, key, receiver) {
        if (key === Symbol.iterator) reads++
        return Reflect.get(target, key, receiver)
      },
    })
    const ruleset = forSegment({ pilots: { key: 'pilots', list: { unit: 'account', ids } } })
    compile(ruleset)
    compile({ ...ruleset, version: 8 })
    expect(reads).toBe(1)
  })
})

describe('a segment that cannot be used', () => {
  const cases: readonly (readonly [string, Record<string, unknown>, readonly (readonly [string, string])[]])[] = [
    [
      'names itself in a circle',
      { pilots: { key: 'pilots', when: { segment: 'b' } }, b: { key: 'b', when: { any: [{ segment: 'pilots' }] } } },
      [
        ['segments.pilots.when', 'cycle'],
        ['segments.b.when', 'cycle'],
        ['flags.f.rules[0].when', 'broken-segment'],
      ],
    ],
    [
      'has an operator from the future',
      { pilots: { key: 'pilots', when: { attribute: 'a', op: 'soundsLike', value: 'b' } } },
      [
        ['segments.pilots.when.op', 'unknown-operator'],
        ['flags.f.rules[0].when', 'broken-segment'],
      ],
    ],
    [
      'lists a unit that is not declared',
      { pilots: { key: 'pilots', list: { unit: 'ship', ids: [] } } },
      [
        ['segments.pilots.list.unit', 'unknown-unit'],
        ['flags.f.rules[0].when', 'broken-segment'],
      ],
    ],
    [
      'has exceptions that are none',
      { pilots: { key: 'pilots', exclude: ['acme'] } },
      [
        ['segments.pilots.exclude', 'invalid-shape'],
        ['flags.f.rules[0].when', 'broken-segment'],
      ],
    ],
    [
      'has a list that is none',
      { pilots: { key: 'pilots', list: { unit: 'account', ids: 'acme' } } },
      [
        ['segments.pilots.list', 'invalid-shape'],
        ['flags.f.rules[0].when', 'broken-segment'],
      ],
    ],
    [
      'is no object',
      { pilots: null },
      [
        ['segments.pilots', 'invalid-shape'],
        ['flags.f.rules[0].when', 'broken-segment'],
      ],
    ],
  ]
  it.each(cases)('%s: the rules that name it are skipped', (_, segments, problems) => {
    const snapshot = compile(forSegment(segments as unknown as Record<string, Segment>))
    expect(snapshot.problems.map(({ path, code }) => [path, code])).toEqual(problems)
    expect(evaluate(snapshot, 'f', { a: 'b' }, 0).reason).toEqual({ kind: 'fallthrough' })
  })

  it('grows beyond all bounds by naming others twice', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, i): [string, Segment] => {
        const part: Condition = i === 0 ? { attribute: 'plan', op: 'exists' } : { segment: `s${i - 1}` }
        return [`s${i}`, { key: `s${i}`, when: { all: [part, part] } }]
      }),
    )
    const snapshot = compile(forSegment(doubling, { segment: 's39' }))
    expect(snapshot.problems[0]?.code).toBe('too-large')
    expect(gives(forSegment(doubling, { segment: 's5' }), { plan: 'x' })).toBe(true)
  })

  it('a chain of thousands neither overflows nor hides the flag', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i): [string, Segment] => [
        `s${i}`,
        i === 0
          ? { key: 's0', when: { attribute: 'plan', op: 'exists' } }
          : { key: `s${i}`, when: { segment: `s${i - 1}` } },
      ]),
    )
    expect(gives(forSegment(chain, { segment: 's900' }), { plan: 'x' })).toBe(true)
    expect(gives(forSegment(chain, { segment: 's19999' }), { plan: 'x' })).toBe(false)
  })
})
