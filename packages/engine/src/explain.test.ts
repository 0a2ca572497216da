import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import {
  bucketOf,
  type Condition,
  type Context,
  compile,
  explain,
  type Flag,
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
  return explain(compile(ruleset), 'x', context, now).steps.map(step => step.sentence)
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
      `${no}plan is free, needed anything but free`,
    ],
    [
      { attribute: 'plan', op: 'notIn', value: ['free', 'trial'] },
      { plan: 'pro' },
      `${yes}plan is pro, anything but free or trial`,
    ],
    [{ attribute: 'seats', op: 'lt', value: 10 }, { seats: 12 }, `${no}seats is 12, needed a number below 10`],
    [{ attribute: 'seats', op: 'lte', value: 10 }, { seats: '5' }, `${no}seats is "5", needed a number of 10 at most`],
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
      `${no}since is soon, needed a date after 2026-01-01`,
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
      `there are no rules; user u1 falls to ${bucket < 50_000 ? 'on' : 'off'}: bucket ${bucket / 1000} of the split`,
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
