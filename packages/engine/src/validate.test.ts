import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { compile, type Flag, type Problem, type Ruleset, validateFlag, validateRuleset } from './index.ts'

const siblings = rulesetOf([flagOf('base'), flagOf('other', { prerequisites: [{ flag: 'x', variants: ['on'] }] })], {
  segments: {
    pilots: { key: 'pilots', list: { unit: 'account', ids: ['acme'] } },
    nested: { key: 'nested', when: { segment: 'pilots' } },
  },
  units: { device: 'device.id' },
})

function problemsOf(parts: unknown): readonly Problem[] {
  return validateFlag({ ...flagOf('x'), ...(parts as Partial<Flag>) }, siblings)
}

function withRule(rule: unknown): unknown {
  return { rules: [{ id: 'r', serve: { variant: 'on' }, ...(rule as object) }] }
}

const when = (condition: unknown) => withRule({ when: condition })
const split = (arms: unknown, unit = 'user') => ({ fallthrough: { split: { unit, arms } } })

const refused: readonly (readonly [string, unknown, Problem])[] = [
  [
    'a percent above 100',
    withRule({ share: { unit: 'user', percent: 101 } }),
    {
      path: 'rules[0].share.percent',
      code: 'invalid-percent',
      message: '101 is not a percentage: it must be 0 to 100',
    },
  ],
  [
    'a negative percent',
    withRule({ share: { unit: 'user', percent: -0.001 } }),
    {
      path: 'rules[0].share.percent',
      code: 'invalid-percent',
      message: '-0.001 is not a percentage: it must be 0 to 100',
    },
  ],
  [
    'a percent that is too fine',
    withRule({ share: { unit: 'user', percent: 0.0005 } }),
    {
      path: 'rules[0].share.percent',
      code: 'invalid-percent',
      message: '0.0005 is too fine: percentages go in steps of 0.001',
    },
  ],
  [
    'a percent without a unit',
    withRule({ share: { percent: 5 } }),
    { path: 'rules[0].share.unit', code: 'invalid-shape', message: 'must be a text' },
  ],
  [
    'elements for a test of the whole',
    when({ attribute: 'a', op: 'exists', elements: 'all' }),
    { path: 'rules[0].when.elements', code: 'invalid-operand', message: '"exists" does not take elements' },
  ],
  [
    'each of several values where there is one',
    when({ attribute: 'a', op: 'equals', value: 'b', values: 'all' }),
    { path: 'rules[0].when.values', code: 'invalid-operand', message: '"equals" takes one value, not several' },
  ],
  [
    'most of the elements',
    when({ attribute: 'a', op: 'equals', value: 'b', elements: 'most' }),
    { path: 'rules[0].when.elements', code: 'invalid-operand', message: '"elements" must be "any" or "all"' },
  ],
  [
    'too many ranges',
    when({ attribute: 'a', op: 'inCidr', value: Array.from({ length: 1001 }, () => '::1') }),
    {
      path: 'rules[0].when.value',
      code: 'too-large',
      message: 'may have 1,000 values at most; put longer lists into a segment',
    },
  ],
  [
    'an undeclared unit',
    withRule({ share: { unit: 'ship', percent: 5 } }),
    {
      path: 'rules[0].share.unit',
      code: 'unknown-unit',
      message: 'there is no unit "ship", only account, user, organization, session, request, device',
    },
  ],
  [
    'a rule that serves a missing variant',
    withRule({ serve: { variant: 'grey' } }),
    { path: 'rules[0].serve.variant', code: 'unknown-variant', message: 'there is no variant "grey", only on, off' },
  ],
  [
    'a split that serves a missing variant',
    split([{ variant: 'toString', weight: 1 }]),
    {
      path: 'fallthrough.split.arms[0].variant',
      code: 'unknown-variant',
      message: 'there is no variant "toString", only on, off',
    },
  ],
  [
    'a missing off variant',
    { offVariant: '__proto__' },
    { path: 'offVariant', code: 'unknown-variant', message: 'there is no variant "__proto__", only on, off' },
  ],
  [
    'a variant of another type',
    { variants: { on: true, off: 'false' } },
    { path: 'variants.off', code: 'invalid-value', message: 'must be a boolean, as the flag is of type boolean' },
  ],
  [
    'a number that is none',
    { type: 'number', variants: { on: 1, off: Number.NaN } },
    { path: 'variants.off', code: 'invalid-value', message: 'must be a number, as the flag is of type number' },
  ],
  [
    'a prerequisite that is not there',
    { prerequisites: [{ flag: 'gone', variants: ['on'] }] },
    { path: 'prerequisites[0].flag', code: 'unknown-flag', message: 'there is no flag "gone"' },
  ],
  [
    'a prerequisite on a missing variant',
    { prerequisites: [{ flag: 'base', variants: ['on', 'grey'] }] },
    {
      path: 'prerequisites[0].variants[1]',
      code: 'unknown-variant',
      message: 'flag "base" has no variant "grey", only on, off',
    },
  ],
  [
    'a prerequisite on no variant',
    { prerequisites: [{ flag: 'base', variants: [] }] },
    {
      path: 'prerequisites[0].variants',
      code: 'invalid-value',
      message: 'needs at least one variant, or it can never be met',
    },
  ],
  [
    'a prerequisite on itself',
    { prerequisites: [{ flag: 'x', variants: ['on'] }] },
    { path: 'prerequisites', code: 'cycle', message: 'prerequisites form a circle: x -> x' },
  ],
  [
    'a circle of prerequisites',
    { prerequisites: [{ flag: 'other', variants: ['on'] }] },
    { path: 'prerequisites', code: 'cycle', message: 'prerequisites form a circle: x -> other -> x' },
  ],
  [
    'a split without arms',
    split([]),
    {
      path: 'fallthrough.split.arms',
      code: 'invalid-weights',
      message: 'a split needs at least one arm with a weight above 0',
    },
  ],
  [
    'a split whose weights are all 0',
    split([{ variant: 'on', weight: 0 }]),
    {
      path: 'fallthrough.split.arms',
      code: 'invalid-weights',
      message: 'a split needs at least one arm with a weight above 0',
    },
  ],
  [
    'a negative weight',
    split([
      { variant: 'on', weight: -1 },
      { variant: 'off', weight: 2 },
    ]),
    { path: 'fallthrough.split.arms', code: 'invalid-weights', message: 'weights must not be negative' },
  ],
  [
    'a weight beyond bounds',
    split([{ variant: 'on', weight: 1e10 }]),
    { path: 'fallthrough.split.arms[0].weight', code: 'invalid-weights', message: 'must be 1,000,000,000 at most' },
  ],
  [
    'a fallthrough that splits an undeclared unit',
    split([{ variant: 'on', weight: 1 }], 'ship'),
    {
      path: 'fallthrough.split.unit',
      code: 'unknown-unit',
      message: 'there is no unit "ship", only account, user, organization, session, request, device',
    },
  ],
  [
    'a serve that is two things',
    withRule({ serve: { variant: 'on', split: { unit: 'user', arms: [{ variant: 'on', weight: 1 }] } } }),
    { path: 'rules[0].serve', code: 'invalid-shape', message: 'serves a variant or a split, not both' },
  ],
  [
    'an unknown segment',
    when({ segment: 'gone' }),
    { path: 'rules[0].when', code: 'unknown-segment', message: 'there is no segment "gone"' },
  ],
  [
    'an unknown operator',
    when({ not: { attribute: 'a', op: 'valueOf' } }),
    {
      path: 'rules[0].when.not.op',
      code: 'unknown-operator',
      message: '"valueOf" is not an operator that this version knows',
    },
  ],
  [
    'a condition that is two things',
    when({ all: [], attribute: 'a', op: 'exists' }),
    {
      path: 'rules[0].when',
      code: 'invalid-shape',
      message: 'has to be one thing: "all", "any", "not", "segment" or a test',
    },
  ],
  [
    'a condition without an attribute',
    when({ any: [{ op: 'exists' }] }),
    {
      path: 'rules[0].when.any[0]',
      code: 'invalid-shape',
      message: 'a condition is "all", "any", "not", "segment", or a test with "attribute" and "op"',
    },
  ],
  [
    'an attribute path without end',
    when({ attribute: 'a'.repeat(201), op: 'exists' }),
    { path: 'rules[0].when.attribute', code: 'too-large', message: 'must be 200 characters at most' },
  ],
  [
    'a megabyte to compare with',
    when({ attribute: 'a', op: 'in', value: ['b', 'x'.repeat(1_000_000)] }),
    { path: 'rules[0].when.value', code: 'too-large', message: 'a text may have 10,000 characters at most' },
  ],
  [
    'ignoreCase where it means nothing',
    when({ attribute: 'a', op: 'lt', value: 3, ignoreCase: true }),
    { path: 'rules[0].when.ignoreCase', code: 'invalid-operand', message: '"lt" does not take ignoreCase' },
  ],
  [
    'ignoreCase that is a text',
    when({ attribute: 'a', op: 'equals', value: 'b', ignoreCase: 'yes' }),
    { path: 'rules[0].when.ignoreCase', code: 'invalid-shape', message: 'must be true or false' },
  ],
  ['an empty salt', { salt: '' }, { path: 'salt', code: 'invalid-value', message: 'must not be empty' }],
  [
    'a version that is no whole number',
    { version: 1.5 },
    { path: 'version', code: 'invalid-value', message: 'must be a whole number, 0 or more' },
  ],
  [
    'a type that does not exist',
    { type: 'colour' },
    { path: 'type', code: 'invalid-shape', message: 'must be "boolean", "string", "number" or "json"' },
  ],
  ['rules that are no list', { rules: {} }, { path: 'rules', code: 'invalid-shape', message: 'must be a list' }],
  [
    'a prerequisite that is no object',
    { prerequisites: ['base'] },
    { path: 'prerequisites[0]', code: 'invalid-shape', message: 'must be an object' },
  ],
]

describe('validateFlag refuses', () => {
  it.each(refused)('%s', (_, parts, problem) => {
    expect(problemsOf(parts)).toEqual([problem])
  })

  it('a second rule with the same id', () => {
    const rule = { id: 'r', serve: { variant: 'on' } }
    expect(problemsOf({ rules: [rule, rule] })).toEqual([
      { path: 'rules[1].id', code: 'duplicate-rule', message: 'there is another rule with the id "r"' },
    ])
  })

  it.each(['with space', '', '-dash', '_x', '.x', '__proto__', 'ünïcode', `a${'b'.repeat(100)}`, 'a\n', 'a/b'])(
    'the key %j',
    key => {
      expect(validateFlag({ ...flagOf('x'), key }, siblings)[0]).toMatchObject({ path: 'key', code: 'invalid-key' })
      expect(problemsOf(withRule({ id: key }))[0]).toMatchObject({ path: 'rules[0].id', code: 'invalid-key' })
    },
  )

  const operands: readonly (readonly [string, readonly unknown[]])[] = [
    ['equals', [undefined, null, [], {}, Number.NaN]],
    ['notEquals', [undefined, null, ['a'], {}]],
    ['in', [undefined, 'a', [], ['a', 1], [null], [['a']]]],
    ['notIn', [undefined, 'a', [], [true, 1]]],
    ['contains', [undefined, '', 3, [], ['a', ''], ['a', 3]]],
    ['startsWith', ['', null]],
    ['endsWith', ['', false]],
    ['lt', [undefined, '3', null, Number.POSITIVE_INFINITY]],
    ['gte', [true, [3]]],
    ['before', [undefined, 'yesterday', '2026-02-30', null, true]],
    ['after', ['03/01/2026']],
    ['olderThan', [undefined, 30, '30 days', 'P', 'P1.5D']],
    ['newerThan', ['PT', '']],
    ['emailDomain', [undefined, '', '@example.com', 'a@example.com', [], [3]]],
    ['exists', [true, false, 'yes', null]],
  ]
  it.each(operands)('an operand that "%s" cannot take', (op, values) => {
    for (const value of values) {
      expect(problemsOf(when({ attribute: 'a', op, value }))).toMatchObject([
        { path: 'rules[0].when.value', code: 'invalid-operand', message: expect.stringMatching(`^"${op}" needs `) },
      ])
    }
  })

  it('conditions that nest more than 32 deep', () => {
    const nested = (depth: number): unknown => (depth === 0 ? { all: [] } : { any: [nested(depth - 1)] })
    expect(problemsOf(when(nested(31)))).toEqual([])
    expect(problemsOf(when(nested(32)))).toMatchObject([{ code: 'too-deep' }])
  })

  it('everything at once, each with its path', () => {
    const flag = {
      offVariant: 'x',
      salt: '',
      rules: [{ id: 'r', share: { unit: 'u', percent: 200 }, serve: { variant: 'y' } }],
    }
    expect(problemsOf(flag).map(problem => problem.path)).toEqual([
      'salt',
      'offVariant',
      'rules[0].share.percent',
      'rules[0].share.unit',
      'rules[0].serve.variant',
    ])
  })

  it('anything that is no flag', () => {
    for (const flag of [null, 3, [], 'x', {}])
      expect(validateFlag(flag as unknown as Flag, siblings).length).toBeGreaterThan(0)
  })
})

describe('validateFlag accepts', () => {
  it.each([
    {},
    withRule({ share: { unit: 'device', percent: 0.001 } }),
    withRule({ share: { unit: 'account', percent: 33.333 } }),
    when({ segment: 'nested' }),
    split([
      { variant: 'on', weight: 0 },
      { variant: 'off', weight: 0.5 },
    ]),
    { prerequisites: [{ flag: 'base', variants: ['on'] }] },
    { type: 'json', variants: { on: { a: [1] }, off: null } },
  ])('%j', parts => {
    expect(problemsOf(parts)).toEqual([])
  })

  it('a flag whose older version among the siblings is broken', () => {
    const broken = { ...siblings, flags: { ...siblings.flags, x: null as unknown as Flag } }
    expect(validateFlag(flagOf('x'), broken)).toEqual([])
  })
})

describe('validateRuleset', () => {
  it('says where in the ruleset, and refuses what only the whole shows', () => {
    const ruleset = rulesetOf([flagOf('a', { prerequisites: [{ flag: 'b', variants: ['on'] }] })], {
      flags: {
        ...rulesetOf([flagOf('a', { prerequisites: [{ flag: 'b', variants: ['on'] }] })]).flags,
        misfiled: flagOf('c'),
      },
      segments: {
        s: { key: 't', list: { unit: 'account', ids: ['', 'x'] } },
        'bad key': { key: 'bad key', when: { all: [], any: [] } },
      },
      units: { user: 'uid', 'a b': 'x', empty: '' },
    })
    expect(validateRuleset(ruleset).map(({ path, code }) => [path, code])).toEqual([
      ['units.user', 'invalid-key'],
      ['units.a b', 'invalid-key'],
      ['units.empty', 'invalid-value'],
      ['segments.s.key', 'invalid-key'],
      ['segments.s.list.ids', 'invalid-value'],
      ['segments.bad key.key', 'invalid-key'],
      ['segments.bad key.when', 'invalid-shape'],
      ['flags.misfiled.key', 'invalid-key'],
      ['flags.a.prerequisites[0].flag', 'unknown-flag'],
    ])
  })

  it('sees a variant go that another flag needs', () => {
    const needs = flagOf('needs', { prerequisites: [{ flag: 'base', variants: ['on'] }] })
    const without = flagOf('base', { variants: { off: false } })
    expect(validateRuleset(rulesetOf([needs, without]))).toMatchObject([
      { path: 'flags.needs.prerequisites[0].variants[0]', code: 'unknown-variant' },
    ])
  })

  it('refuses what is no ruleset without throwing', () => {
    for (const ruleset of [null, 3, {}, { ...rulesetOf([]), schema: 2 }]) {
      expect(validateRuleset(ruleset as unknown as Ruleset).length).toBeGreaterThan(0)
    }
  })

  it('takes what compiles without problems', () => {
    expect(validateRuleset(rulesetOf([flagOf('x'), flagOf('base')]))).toEqual([])
    expect(compile(siblings).problems.map(problem => problem.code)).toEqual(['unknown-flag'])
  })
})

it('ten million ids are refused at once, and told why', () => {
  const ids: string[] = Array.from<string>({ length: 10_000_000 }).fill('acc')
  const segments = { large: { key: 'large', list: { unit: 'account', ids } } }
  expect(validateRuleset(rulesetOf([flagOf('f')], { segments }))).toEqual([
    { path: 'segments.large.list.ids', code: 'too-large', message: 'may have 2,000,000 ids at most' },
  ])
})
