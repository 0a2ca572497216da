import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { bucketOf, compile, evaluate, type Flag, type Ruleset, splitSalt } from './index.ts'

const now = Date.parse('2026-03-01T12:00:00Z')

/** An account whose bucket in this flag's shares satisfies a condition. */
function accountWhere(flag: Flag, fits: (bucket: number) => boolean): string {
  for (let i = 0; ; i++) if (fits(bucketOf(flag.salt, `account-${i}`))) return `account-${i}`
}

describe('the order of an evaluation', () => {
  const rollout = flagOf('rollout', {
    rules: [{ id: 'five', share: { unit: 'account', percent: 5 }, serve: { variant: 'on' } }],
  })
  const snapshot = compile(rulesetOf([rollout, flagOf('killed', { on: false, fallthrough: { variant: 'on' } })]))

  it('an unknown flag is an error without a value', () => {
    const found = evaluate(snapshot, 'nope', {}, now)
    expect(found).toMatchObject({ flagKey: 'nope', flagVersion: 0, reason: { kind: 'error', code: 'flag-not-found' } })
    expect(found.value).toBeUndefined()
  })

  it('a flag that is off serves its off variant, whatever the context', () => {
    const expected = { variant: 'off', value: false, reason: { kind: 'off' } }
    expect(evaluate(snapshot, 'killed', {}, now)).toMatchObject(expected)
    expect(evaluate(snapshot, 'killed', null, now)).toMatchObject(expected)
  })

  it.each([undefined, null, 3, 'text', true, [], [{}]])('a context of %j is an error', context => {
    expect(evaluate(snapshot, 'rollout', context, now).reason).toEqual({ kind: 'error', code: 'invalid-context' })
  })

  it('a unit below the share is served by the rule', () => {
    const accountId = accountWhere(rollout, bucket => bucket === 4999)
    expect(evaluate(snapshot, 'rollout', { accountId }, now)).toEqual({
      flagKey: 'rollout',
      flagVersion: 1,
      variant: 'on',
      value: true,
      reason: { kind: 'rule', ruleId: 'five', index: 0 },
      unit: 'account',
      heldOutBy: undefined,
      missingUnit: undefined,
    })
  })

  it('a unit at the edge of the share is held out by it', () => {
    const accountId = accountWhere(rollout, bucket => bucket === 5000)
    expect(evaluate(snapshot, 'rollout', { accountId }, now)).toMatchObject({
      variant: 'off',
      reason: { kind: 'fallthrough' },
      unit: 'account',
      heldOutBy: 'five',
      missingUnit: undefined,
    })
  })

  it.each([{}, { accountId: '' }, { accountId: null }, { accountId: 1.5 }, { accountId: {} }, { accountId: ['a'] }])(
    'a context of %j has no account: no match, and it says so',
    context => {
      expect(evaluate(snapshot, 'rollout', context, now)).toMatchObject({
        variant: 'off',
        unit: undefined,
        heldOutBy: undefined,
        missingUnit: 'account',
      })
    },
  )

  it('a whole number is the same unit as its digits', () => {
    for (let id = 0; id < 500; id++) {
      expect(evaluate(snapshot, 'rollout', { accountId: id }, now)).toBe(
        evaluate(snapshot, 'rollout', { accountId: `${id}` }, now),
      )
    }
  })

  it('gives the same object again instead of making a new one', () => {
    const context = { accountId: 'account-1' }
    expect(evaluate(snapshot, 'rollout', context, now)).toBe(evaluate(snapshot, 'rollout', context, now))
    expect(evaluate(snapshot, 'nope', context, now)).toBe(evaluate(snapshot, 'nope', context, now))
  })
})

describe('splits', () => {
  const flag = flagOf('split', {
    fallthrough: {
      split: {
        unit: 'user',
        arms: [
          { variant: 'off', weight: 3 },
          { variant: 'on', weight: 1 },
        ],
      },
    },
  })
  const snapshot = compile(rulesetOf([flag]))

  it('are dealt under a salt of their own', () => {
    for (let i = 0; i < 300; i++) {
      const arm = bucketOf(splitSalt(flag.salt), `u${i}`) < 75_000 ? 'off' : 'on'
      expect(evaluate(snapshot, 'split', { userId: `u${i}` }, now)).toMatchObject({ variant: arm, unit: 'user' })
    }
  })

  it('without their unit the off variant is served by the fallthrough, and a rule does not match', () => {
    expect(evaluate(snapshot, 'split', {}, now)).toMatchObject({
      variant: 'off',
      reason: { kind: 'fallthrough' },
      unit: undefined,
      missingUnit: 'user',
    })
    const ruled = flagOf('ruled', { rules: [{ id: 'r', serve: flag.fallthrough }], fallthrough: { variant: 'on' } })
    expect(evaluate(compile(rulesetOf([ruled])), 'ruled', {}, now)).toMatchObject({
      variant: 'on',
      missingUnit: 'user',
    })
  })
})

describe('prerequisites', () => {
  const needs = (key: string, flag: string, variants = ['on']) =>
    flagOf(key, { prerequisites: [{ flag, variants }], fallthrough: { variant: 'on' } })

  it('must be on and serve a named variant', () => {
    const base = flagOf('base', { fallthrough: { variant: 'on' } })
    const failed = { variant: 'off', reason: { kind: 'prerequisite-failed', flagKey: 'base' } }
    const give = (flag: Flag, variants?: string[]) =>
      evaluate(compile(rulesetOf([flag, needs('top', 'base', variants)])), 'top', {}, now)
    expect(give(base)).toMatchObject({ variant: 'on', reason: { kind: 'fallthrough' } })
    expect(give(base, ['off'])).toMatchObject(failed)
    expect(give({ ...base, on: false })).toMatchObject(failed)
    expect(give({ ...base, on: false }, ['off'])).toMatchObject(failed)
  })

  it('that miss a unit pass on which', () => {
    const base = flagOf('base', {
      rules: [{ id: 'r', share: { unit: 'session', percent: 100 }, serve: { variant: 'on' } }],
    })
    const found = evaluate(compile(rulesetOf([needs('top', 'base'), base])), 'top', {}, now)
    expect(found).toMatchObject({ reason: { kind: 'prerequisite-failed', flagKey: 'base' }, missingUnit: 'session' })
  })

  it('that are missing always fail, and are listed', () => {
    const snapshot = compile(rulesetOf([needs('top', 'gone')]))
    expect(evaluate(snapshot, 'top', {}, now).reason).toEqual({ kind: 'prerequisite-failed', flagKey: 'gone' })
    expect(snapshot.problems).toEqual([
      {
        flagKey: 'top',
        path: 'flags.top.prerequisites[0].flag',
        code: 'unknown-flag',
        message: 'there is no flag "gone"',
      },
    ])
  })

  it('in a circle break the flags of the circle and no other', () => {
    const snapshot = compile(
      rulesetOf([
        needs('a', 'b'),
        needs('b', 'c'),
        needs('c', 'a'),
        needs('outside', 'a'),
        needs('self', 'self'),
        flagOf('fine'),
      ]),
    )
    const reasonOf = (key: string) => evaluate(snapshot, key, {}, now).reason
    for (const key of ['a', 'b', 'c', 'self']) expect(reasonOf(key)).toEqual({ kind: 'error', code: 'invalid-flag' })
    expect(reasonOf('outside')).toEqual({ kind: 'prerequisite-failed', flagKey: 'a' })
    expect(reasonOf('fine')).toEqual({ kind: 'fallthrough' })
    expect(snapshot.problems.map(problem => [problem.flagKey, problem.code, problem.message.split(': ')[1]])).toEqual([
      ['a', 'cycle', 'a -> b -> c -> a'],
      ['b', 'cycle', 'b -> c -> a -> b'],
      ['c', 'cycle', 'c -> a -> b -> c'],
      ['self', 'cycle', 'self -> self'],
    ])
  })

  it('may be hundreds deep, and doubling at every level is refused instead of running for ever', () => {
    const chain = Array.from({ length: 900 }, (_, i) =>
      i === 0 ? flagOf('f0', { fallthrough: { variant: 'on' } }) : needs(`f${i}`, `f${i - 1}`),
    )
    expect(evaluate(compile(rulesetOf(chain)), 'f899', {}, now).variant).toBe('on')
    const doubling = Array.from({ length: 60 }, (_, i) => {
      const link = { flag: `d${i - 1}`, variants: ['on'] }
      return flagOf(`d${i}`, { prerequisites: i === 0 ? [] : [link, link], fallthrough: { variant: 'on' } })
    })
    const snapshot = compile(rulesetOf(doubling))
    expect(evaluate(snapshot, 'd8', {}, now).variant).toBe('on')
    expect(evaluate(snapshot, 'd9', {}, now).reason).toEqual({ kind: 'error', code: 'invalid-flag' })
    expect(evaluate(snapshot, 'd59', {}, now).reason.kind).toBe('prerequisite-failed')
    expect(snapshot.problems[0]).toMatchObject({ flagKey: 'd9', code: 'too-large' })
  })
})

describe('what is wrong with one flag', () => {
  const broken: readonly (readonly [string, unknown])[] = [
    ['unknown-variant', flagOf('x', { offVariant: 'grey' })],
    ['unknown-variant', flagOf('x', { fallthrough: { variant: 'toString' } })],
    ['unknown-variant', flagOf('x', { rules: [{ id: 'r', serve: { variant: 'grey' } }] })],
    [
      'invalid-percent',
      flagOf('x', { rules: [{ id: 'r', share: { unit: 'user', percent: 101 }, serve: { variant: 'on' } }] }),
    ],
    ['invalid-weights', flagOf('x', { fallthrough: { split: { unit: 'user', arms: [] } } })],
    [
      'invalid-weights',
      flagOf('x', { fallthrough: { split: { unit: 'user', arms: [{ variant: 'on', weight: -1 }] } } }),
    ],
    ['unknown-unit', flagOf('x', { fallthrough: { split: { unit: 'ship', arms: [{ variant: 'on', weight: 1 }] } } })],
    ['invalid-shape', { ...flagOf('x'), on: 'yes' }],
    ['invalid-shape', { ...flagOf('x'), rules: undefined }],
    ['invalid-shape', { ...flagOf('x'), prerequisites: [null] }],
    ['invalid-shape', null],
    ['invalid-shape', 'x'],
  ]
  it.each(broken)('%s: %j is listed, evaluates to an error and harms no other flag', (code, flag) => {
    const ruleset = { ...rulesetOf([flagOf('fine')]), flags: { x: flag, fine: flagOf('fine') } } as unknown as Ruleset
    const snapshot = compile(ruleset)
    expect(snapshot.problems.map(problem => [problem.flagKey, problem.code])).toEqual([['x', code]])
    expect(evaluate(snapshot, 'x', {}, now).reason).toEqual({ kind: 'error', code: 'invalid-flag' })
    expect(evaluate(snapshot, 'fine', {}, now).reason).toEqual({ kind: 'fallthrough' })
    expect(snapshot.flagKeys()).toEqual(['x', 'fine'])
  })

  const skipped: readonly (readonly [string, string, unknown])[] = [
    ['unknown-operator', 'rules[0].when.op', { attribute: 'a', op: 'soundsLike', value: 'b' }],
    ['unknown-operator', 'rules[0].when.op', { attribute: 'a', op: 'constructor', value: 'b' }],
    ['invalid-operand', 'rules[0].when.any[1].value', { any: [{ all: [] }, { attribute: 'a', op: 'lt', value: '3' }] }],
    ['unknown-segment', 'rules[0].when', { segment: 'gone' }],
    ['invalid-shape', 'rules[0].when.not', { not: 7 }],
    ['invalid-shape', 'rules[0].when', { all: 7 }],
    ['invalid-shape', 'rules[0].when', {}],
  ]
  it.each(skipped)('%s at %s: the rule is skipped and the next one decides', (code, path, when) => {
    const rules = [
      { id: 'new', when, serve: { variant: 'off' } },
      { id: 'old', serve: { variant: 'on' } },
    ] as unknown as Flag['rules']
    const snapshot = compile(rulesetOf([flagOf('x', { rules })]))
    expect(snapshot.problems.map(problem => [problem.path, problem.code])).toEqual([[`flags.x.${path}`, code]])
    expect(evaluate(snapshot, 'x', {}, now).reason).toEqual({ kind: 'rule', ruleId: 'old', index: 1 })
  })

  it('a condition that nests too deep is refused', () => {
    const nested = (depth: number): unknown => (depth === 0 ? { all: [] } : { not: nested(depth - 1) })
    const problemsOf = (depth: number) =>
      compile(
        rulesetOf([
          flagOf('x', {
            rules: [{ id: 'r', when: nested(depth), serve: { variant: 'on' } }] as unknown as Flag['rules'],
          }),
        ]),
      ).problems
    expect(problemsOf(31)).toEqual([])
    expect(problemsOf(32)).toMatchObject([{ code: 'too-deep' }])
    expect(problemsOf(5_000)).toMatchObject([{ code: 'too-deep' }])
  })
})

it.each([null, [], {}, { ...rulesetOf([]), schema: 2 }, { ...rulesetOf([]), flags: [] }])(
  '%j is no ruleset',
  ruleset => {
    expect(() => compile(ruleset as Ruleset)).toThrow(/^not a ruleset: /)
  },
)
