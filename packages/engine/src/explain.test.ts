import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { nativeRegex } from '../test/native-regex.ts'
import {
  bucketOf,
  type Condition,
  type Context,
  compile,
  explain,
  type Flag,
  type Json,
  type Operator,
  type Ruleset,
  splitSalt,
} from './index.ts'

const now = Date.parse('2026-03-01T12:00:00Z')

const segments: Ruleset['segments'] = {
  pilots: {
    key: 'pilots',
    list: { unit: 'account', ids: ['acme'] },
    when: { attribute: 'email', op: 'emailDomain', value: 'example.com' },
  },
  empty: { key: 'empty' },
}

function sentencesOf(parts: Partial<Flag>, context: unknown, others: readonly Flag[] = []): readonly string[] {
  const ruleset = rulesetOf([flagOf('x', parts), ...others], { segments, units: { device: 'device.id' } })
  return explain(compile(ruleset, { regex: nativeRegex }), 'x', context, now).steps.map(step => step.sentence)
}

/** What is said about one condition in the first rule. */
function about(when: Condition, context: Context): string | undefined {
  return sentencesOf({ rules: [{ id: 'r', name: 'EU pilots', when, serve: { variant: 'on' } }] }, context)[0]
}

const no = "rule 1 'EU pilots' did not match: "
const yes = "rule 1 'EU pilots' matched: "
const country: Condition = { attribute: 'country', op: 'in', value: ['FR', 'ES'] }

describe('the sentence of a condition', () => {
  const cases: readonly (readonly [Condition, Context, string])[] = [
    [country, { country: 'DE' }, `${no}country is DE, needed FR or ES`],
    [country, { country: 'FR' }, `${yes}country is FR`],
    [country, {}, `${no}country is missing, needed FR or ES`],
    [country, { country: null }, `${no}country is missing, needed FR or ES`],
    [country, { country: ['DE', 'IT'] }, `${no}country is [DE, IT], needed FR or ES`],
    [{ not: country }, { country: 'FR' }, `${no}country is FR, needed anything but FR or ES`],
    [{ not: country }, { country: 'DE' }, `${yes}country is DE, not FR or ES`],
    [
      { attribute: 'plan', op: 'equals', value: 'Pro', ignoreCase: true },
      { plan: 'free' },
      `${no}plan is free, needed Pro in capitals or small letters`,
    ],
    [
      { attribute: 'plan', op: 'notEquals', value: 'free' },
      { plan: 'free' },
      `${no}plan is free, needed any text but free`,
    ],
    [
      { attribute: 'plan', op: 'notIn', value: ['free', 'trial'] },
      { plan: 'pro' },
      `${yes}plan is pro, any text but free or trial`,
    ],
    [{ attribute: 'seats', op: 'lt', value: 10 }, { seats: 12 }, `${no}seats is 12, needed a number below 10`],
    [
      { attribute: 'seats', op: 'lte', value: 10 },
      { seats: '5' },
      `${no}seats is "5", which is no number, needed a number of 10 at most`,
    ],
    [{ attribute: 'seats', op: 'gt', value: 10 }, { seats: 12 }, `${yes}seats is 12, a number above 10`],
    [
      { attribute: 'seats', op: 'gte', value: 10 },
      { seats: {} },
      `${no}seats is an object, needed a number of 10 at least`,
    ],
    [
      { attribute: 'name', op: 'contains', value: ['x y', 'z'] },
      { name: '' },
      `${no}name is "", needed a text that contains "x y" or z`,
    ],
    [
      { attribute: 'name', op: 'startsWith', value: 'a' },
      { name: ['b', []] },
      `${no}name is [b, a list], needed a text that begins with a`,
    ],
    [
      { attribute: 'name', op: 'endsWith', value: 'a' },
      { name: 'true' },
      `${no}name is "true", needed a text that ends with a`,
    ],
    [
      { attribute: 'since', op: 'before', value: '2026-01-01' },
      { since: '2026-02-01' },
      `${no}since is 2026-02-01, needed a date before 2026-01-01`,
    ],
    [
      { attribute: 'since', op: 'after', value: '2026-01-01' },
      { since: 'soon' },
      `${no}since is soon, which is no date, needed a date after 2026-01-01`,
    ],
    [
      { attribute: 'since', op: 'olderThan', value: 'P1Y1M2DT1H1M3S' },
      { since: '2026-02-28' },
      `${no}since is 2026-02-28, needed a date more than 1 year, 1 month, 2 days, 1 hour, 1 minute and 3 seconds ago`,
    ],
    [
      { attribute: 'since', op: 'newerThan', value: 'P30D' },
      { since: '2026-02-28' },
      `${yes}since is 2026-02-28, a date less than 30 days ago`,
    ],
    [
      { attribute: 'since', op: 'newerThan', value: 'P0D' },
      { since: '2026-02-28' },
      `${no}since is 2026-02-28, needed a date less than 0 seconds ago`,
    ],
    [{ attribute: 'a.b', op: 'exists' }, { a: { b: [] } }, `${yes}a.b is an empty list`],
    [{ attribute: 'a.b', op: 'exists' }, { a: 3 }, `${no}a.b is missing, needed any value`],
    [
      { attribute: 'id', op: 'in', value: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      { id: 'x'.repeat(70) },
      `${no}id is ${'x'.repeat(60)}..., needed a, b, c, d, e or 2 more`,
    ],
    [{ all: [] }, {}, `${yes}nothing is asked`],
    [{ any: [] }, {}, `${no}none of no conditions can hold`],
    [
      { all: [country, { attribute: 'plan', op: 'equals', value: 'pro' }] },
      { country: 'FR', plan: 'free' },
      `${no}plan is free, needed pro`,
    ],
    [
      { all: [country, { attribute: 'plan', op: 'equals', value: 'pro' }] },
      {},
      `${no}country is missing, needed FR or ES; plan is missing, needed pro`,
    ],
    [
      { any: [country, { attribute: 'plan', op: 'equals', value: 'pro' }] },
      { country: 'DE', plan: 'pro' },
      `${yes}plan is pro`,
    ],
    [{ not: { all: [country] } }, { country: 'ES' }, `${no}must not be so: country is ES`],
    [{ not: { any: [country] } }, { country: 'DE' }, `${yes}not so, as needed: country is DE, needed FR or ES`],
    [{ segment: 'pilots' }, { accountId: 'acme' }, `${yes}in segment 'pilots': account acme is on its list`],
    [
      { segment: 'pilots' },
      { email: 'a@example.com' },
      `${yes}in segment 'pilots': email is a@example.com, an e-mail address at example.com`,
    ],
    [
      { segment: 'pilots' },
      { accountId: 'other' },
      `${no}not in segment 'pilots': account other is not on its list; email is missing, needed an e-mail address at example.com`,
    ],
    [
      { segment: 'pilots' },
      {},
      `${no}not in segment 'pilots': there is no account; email is missing, needed an e-mail address at example.com`,
    ],
    [{ segment: 'empty' }, {}, `${no}not in segment 'empty': it is empty`],
  ]
  it.each(cases)('%j of %j', (when, context, sentence) => {
    expect(about(when, context)).toBe(sentence)
  })

  const ofAnotherType: readonly (readonly [Operator, Json | undefined, Json, string])[] = [
    ['equals', 'pro', 5, 'a is 5, which is no text, needed pro'],
    ['equals', 5, '5', 'a is "5", which is no number, needed 5'],
    ['equals', true, 'true', 'a is "true", which is neither true nor false, needed true'],
    ['equals', 'true', true, 'a is true, which is no text, needed "true"'],
    ['notEquals', 'free', 5, 'a is 5, which is no text, needed any text but free'],
    ['notEquals', true, true, 'a is true, needed false'],
    ['in', [1, 2], '1', 'a is "1", which is no number, needed 1 or 2'],
    ['notIn', [1, 2], '3', 'a is "3", which is no number, needed any number but 1 or 2'],
    ['contains', 'x', 7, 'a is 7, which is no text, needed a text that contains x'],
    ['startsWith', 'x', true, 'a is true, which is no text, needed a text that begins with x'],
    ['endsWith', 'x', 7, 'a is 7, which is no text, needed a text that ends with x'],
    ['matches', '^x', 7, 'a is 7, which is no text, needed a text that matches "^x"'],
    ['lt', 5, '4', 'a is "4", which is no number, needed a number below 5'],
    ['lte', 5, true, 'a is true, which is no number, needed a number of 5 at most'],
    ['gt', 5, '6', 'a is "6", which is no number, needed a number above 5'],
    ['gte', 5, 'NaN', 'a is "NaN", which is no number, needed a number of 5 at least'],
    ['before', '2026-01-01', 'soon', 'a is soon, which is no date, needed a date before 2026-01-01'],
    ['after', '2026-01-01', '2026-02-30', 'a is 2026-02-30, which is no date, needed a date after 2026-01-01'],
    ['olderThan', 'P30D', true, 'a is true, which is no date, needed a date more than 30 days ago'],
    ['newerThan', 'PT1H', '', 'a is "", which is no date, needed a date less than 1 hour ago'],
    ['semverEq', '1.2.3', '1.2', 'a is "1.2", which is no version like 1.4.2, needed version 1.2.3'],
    ['semverLt', '1.2.3', 'v1.0.0', 'a is v1.0.0, which is no version like 1.4.2, needed a version below 1.2.3'],
    ['semverLte', '1.2.3', 1, 'a is 1, which is no version like 1.4.2, needed version 1.2.3 at most'],
    ['semverGt', '1.2.3', '2', 'a is "2", which is no version like 1.4.2, needed a version above 1.2.3'],
    ['semverGte', '1.2.3', 'x', 'a is x, which is no version like 1.4.2, needed version 1.2.3 at least'],
    ['inCidr', '10.0.0.0/8', '10.0.0', 'a is 10.0.0, which is no IP address, needed an address in "10.0.0.0/8"'],
    [
      'emailDomain',
      'example.com',
      'ada',
      'a is ada, which is no e-mail address, needed an e-mail address at example.com',
    ],
  ]
  it.each(ofAnotherType)('%s %j says of %j what it is not', (op, value, a, why) => {
    expect(about({ attribute: 'a', op, ...(value !== undefined && { value }) }, { a })).toBe(no + why)
  })

  it('of a value that might have passed says only what it is', () => {
    expect(about({ attribute: 'a', op: 'inCidr', value: '10.0.0.0/8' }, { a: '::1' })).toBe(
      `${no}a is "::1", needed an address in "10.0.0.0/8"`,
    )
    expect(about({ attribute: 'a', op: 'semverLt', value: '1.2.3' }, { a: '1.2.3' })).toBe(
      `${no}a is 1.2.3, needed a version below 1.2.3`,
    )
  })

  it('counts what it leaves out of a long list', () => {
    const value = Array.from({ length: 10_000 }, (_, index) => `acc-${index}`)
    expect(about({ attribute: 'a', op: 'in', value }, { a: 'x' })).toBe(
      `${no}a is x, needed acc-0, acc-1, acc-2, acc-3, acc-4 or 9,995 more`,
    )
  })

  it('of many parts is cut', () => {
    const parts = Array.from({ length: 8 }, (_, i): Condition => ({ attribute: `a${i}`, op: 'exists' }))
    expect(about({ any: parts }, {})).toMatch(/a4 is missing, needed any value; and 3 more$/)
  })
})

describe('the sentence of a share or split', () => {
  const share: Flag['rules'] = [{ id: 'rollout', share: { unit: 'account', percent: 25 }, serve: { variant: 'on' } }]

  it('gives the bucket', () => {
    const percent = (id: string) => bucketOf('s', id) / 1000
    expect(percent('initech')).toBeGreaterThan(25)
    expect(percent('acme')).toBeLessThan(25)
    expect(sentencesOf({ salt: 's', rules: share }, { accountId: 'initech' })).toEqual([
      `rule 1 'rollout' did not match: account initech is not in the share: bucket ${percent('initech')} of 25 %`,
      'no rule matched; everybody else gets off',
    ])
    expect(sentencesOf({ salt: 's', rules: share }, { accountId: 'acme' })).toEqual([
      `rule 1 'rollout' matched: account acme is in the share: bucket ${percent('acme')} of 25 %`,
    ])
  })

  it('says which unit is missing and where it was looked for', () => {
    expect(sentencesOf({ rules: share }, { accountId: '' })[0]).toBe(
      "rule 1 'rollout' did not match: the context has no account (accountId)",
    )
    expect(sentencesOf({ rules: share }, { accountId: 1.5 })[0]).toBe(
      "rule 1 'rollout' did not match: the context has no account: accountId is 1.5, needed a text or a whole number",
    )
    const custom: Flag['rules'] = [{ id: 'r', share: { unit: 'device', percent: 25 }, serve: { variant: 'on' } }]
    expect(sentencesOf({ rules: custom }, {})[0]).toBe(
      "rule 1 'r' did not match: the context has no device (device.id)",
    )
  })

  it('gives the arm of a split', () => {
    const fallthrough: Flag['fallthrough'] = {
      split: {
        unit: 'user',
        arms: [
          { variant: 'on', weight: 1 },
          { variant: 'off', weight: 1 },
        ],
      },
    }
    const bucket = bucketOf(splitSalt('s'), 'u1')
    expect(sentencesOf({ salt: 's', fallthrough }, { userId: 'u1' })).toEqual([
      `there are no rules; user u1 falls to ${bucket < 50_000 ? 'on: ' : 'off: '}` +
        `bucket ${bucket / 1000}, in the arm from ${bucket < 50_000 ? '0 to 50' : '50 to 100'} %`,
    ])
    expect(sentencesOf({ fallthrough }, {})).toEqual([
      'there are no rules; the context has no user (userId), so it gets off',
    ])
    expect(sentencesOf({ rules: [{ id: 'r', serve: fallthrough }] }, {})[0]).toBe(
      "rule 1 'r' did not match: the context has no user (userId)",
    )
  })

  it('a rule for everybody says so', () => {
    expect(sentencesOf({ rules: [{ id: 'r', serve: { variant: 'on' } }] }, {})).toEqual([
      "rule 1 'r' matched: it is for everybody",
    ])
  })
})

describe('the other steps', () => {
  const needsBase: Partial<Flag> = { prerequisites: [{ flag: 'base', variants: ['on'] }] }

  it('prerequisites, with the explanation of the other flag', () => {
    const base = flagOf('base')
    expect(sentencesOf(needsBase, {}, [base])).toEqual(['prerequisite base serves off, needed on'])
    expect(sentencesOf(needsBase, {}, [{ ...base, on: false }])).toEqual(['prerequisite base is off, needed on'])
    expect(sentencesOf(needsBase, {}, [])).toEqual(['prerequisite base cannot be used, needed on'])
    expect(sentencesOf(needsBase, {}, [{ ...base, fallthrough: { variant: 'on' } }])[0]).toBe(
      'prerequisite base serves on',
    )
    const step = explain(compile(rulesetOf([flagOf('x', needsBase), base])), 'x', {}, now).steps[0]
    expect(step).toMatchObject({
      kind: 'prerequisite',
      met: false,
      explanation: { summary: 'base serves off: there are no rules; everybody else gets off' },
    })
  })

  it('a rule that this version does not understand', () => {
    const rules = [
      { id: 'r', when: { attribute: 'a', op: 'soundsLike' }, serve: { variant: 'on' } },
    ] as unknown as Flag['rules']
    expect(sentencesOf({ rules }, {})[0]).toBe(
      "rule 1 'r' was skipped: this version does not understand it " +
        '(unknown-operator: "soundsLike" is not an operator that this version knows)',
    )
  })

  it('a flag that is off, broken or unknown, a context that is none', () => {
    expect(sentencesOf({ on: false }, {})).toEqual(['the flag is off'])
    expect(sentencesOf({ offVariant: 'x' }, {})).toEqual([
      'the flag cannot be used: flags.x.offVariant: there is no variant "x", only on, off',
    ])
    expect(sentencesOf({}, [])).toEqual(['the context is an empty list, needed an object'])
    const { summary, steps } = explain(compile(rulesetOf([])), 'gone', {}, now)
    expect(steps).toEqual([{ kind: 'not-found', sentence: 'there is no flag "gone"' }])
    expect(summary).toBe('gone gives no value: there is no flag "gone"')
  })

  it('keeps everything in structure too', () => {
    const rules: Flag['rules'] = [
      { id: 'eu', when: { all: [country] }, serve: { variant: 'on' } },
      { id: 'rollout', share: { unit: 'account', percent: 100 }, serve: { variant: 'on' } },
    ]
    const { steps, summary } = explain(
      compile(rulesetOf([flagOf('x', { rules })])),
      'x',
      { country: 'DE', accountId: 7 },
      now,
    )
    const bucket = bucketOf('salt of x', '7') / 1000
    const isIn = `account "7" is in the share: bucket ${bucket} of 100 %`
    const why = 'country is DE, needed FR or ES'
    expect(steps).toEqual([
      {
        kind: 'rule',
        ruleId: 'eu',
        index: 0,
        matched: false,
        understood: true,
        share: undefined,
        split: undefined,
        condition: {
          kind: 'all',
          holds: false,
          sentence: why,
          parts: [{ kind: 'test', holds: false, attribute: 'country', op: 'in', found: 'DE', sentence: why }],
        },
        sentence: `rule 1 'eu' did not match: ${why}`,
      },
      {
        kind: 'rule',
        ruleId: 'rollout',
        index: 1,
        matched: true,
        understood: true,
        condition: undefined,
        split: undefined,
        share: {
          unit: 'account',
          attribute: 'accountId',
          unitId: '7',
          bucket,
          percent: 100,
          holds: true,
          sentence: isIn,
        },
        sentence: `rule 2 'rollout' matched: ${isIn}`,
      },
    ])
    expect(summary).toBe(`x serves on: rule 2 'rollout' matched: ${isIn}`)
  })

  it('goes as deep as prerequisites may', () => {
    const chain = Array.from({ length: 990 }, (_, i) =>
      flagOf(`f${i}`, { prerequisites: i === 0 ? [] : [{ flag: `f${i - 1}`, variants: ['off'] }] }),
    )
    expect(explain(compile(rulesetOf(chain)), 'f989', {}, now).evaluation.reason).toEqual({ kind: 'fallthrough' })
  })
})
