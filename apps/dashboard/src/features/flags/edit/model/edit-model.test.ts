import type { Condition, Rule } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_FLAGS } from '../../../../../test/sample-flags.ts'
import { asGroup, fromConditionForm, isKnown, newTest, partPath, simplest, toConditionForm } from './condition-form.ts'
import { fromConfigForm, moved, toConfigForm } from './config-form.ts'
import { configProblems, placeWords, problemAt, problemsUnder, serverProblems } from './config-problems.ts'
import { OPERATOR_OPTIONS, operatorChoice, operatorExtras } from './operator-choices.ts'
import { fromRuleForm, newRule, toRuleForm } from './rule-form.ts'
import { fitValue, fromValueForm, toValueForm } from './value-form.ts'

const operators = OPERATOR_OPTIONS.flatMap(({ items }) => items.map(({ value }) => value))
const text = fc.string({ minLength: 1, maxLength: 8 })
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter(value => !Object.is(value, -0))
const values = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.array(text, { minLength: 1, maxLength: 4 }),
  fc.array(number, { minLength: 1, maxLength: 4 }),
)
const quantifier = fc.constantFrom('any' as const, 'all' as const)
const test = fc
  .record(
    {
      attribute: text,
      op: fc.constantFrom(...operators),
      value: values,
      ignoreCase: fc.constant(true),
      elements: quantifier,
      values: quantifier,
    },
    { requiredKeys: ['attribute', 'op', 'value'] },
  )
  .map(one => {
    const { value: _, ...without } = one
    return one.op === 'exists' ? without : one
  })
const { condition } = fc.letrec<{ condition: Condition }>(tie => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    test,
    text.map(segment => ({ segment })),
    fc.array(tie('condition'), { maxLength: 3 }).map(all => ({ all })),
    fc.array(tie('condition'), { maxLength: 3 }).map(any => ({ any })),
    tie('condition').map(not => ({ not })),
  ),
}))

describe('a condition', () => {
  it('comes out of the form as it went in, whatever it is', () => {
    fc.assert(
      fc.property(condition, one => {
        expect(fromConditionForm(toConditionForm(one))).toEqual(one)
      }),
    )
  })

  it('that the editor does not know is kept as it is', () => {
    const unknown: unknown[] = [
      { attribute: 'a', op: 'soundsLike', value: 'b' },
      { attribute: 'a', op: 'equals', value: { nested: 1 } },
      { attribute: 'a', op: 'in', value: ['a', 1] },
      { attribute: 'a', op: 'equals', value: 'b', fuzzy: true },
      { one: [] },
      null,
    ]
    for (const source of unknown) {
      const form = toConditionForm({ all: [source] })
      expect([isKnown(form), fromConditionForm(form)]).toEqual([false, { all: [source] }])
    }
  })

  it('of one test is sent without a group around it, and its problems are found there', () => {
    const group = asGroup(newTest())
    expect(fromConditionForm(simplest(group))).toMatchObject({ attribute: '' })
    expect(partPath(group, { path: 'rules[0].when', top: true }, 0)).toBe('rules[0].when')
    expect(partPath(group, { path: 'x', top: false }, 0)).toBe('x.all[0]')
    expect(partPath({ ...group, join: 'not' }, { path: 'x', top: true }, 0)).toBe('x.not')
    expect(partPath({ ...group, join: 'not', parts: [newTest(), newTest()] }, { path: 'x', top: true }, 1)).toBe(
      'x.not.all[1]',
    )
  })
})

describe('the value of a test', () => {
  it('is offered for every operator, and fits it after a change of operator', () => {
    const typed = toValueForm(['5', '6'])
    if (typed === undefined) throw new Error('texts are typed')
    const fitted = Object.fromEntries(operators.map(op => [op, fromValueForm(op, fitValue(typed, op))]))
    expect(fitted).toMatchObject({ equals: '5', in: ['5', '6'], gte: 5, contains: ['5', '6'], olderThan: '5' })
    expect(fitted.exists).toBeUndefined()
    expect(operators).toHaveLength(24)
  })

  it('that is no number is sent as it was typed, for the check to refuse it by name', () => {
    expect(fromValueForm('gte', { type: 'number', items: ['many'], list: false })).toBe('many')
    expect(fromValueForm('equals', { type: 'number', items: ['1e3'], list: false })).toBe(1_000)
  })

  it('offers case and several values where the engine takes them', () => {
    expect(operatorExtras('contains')).toEqual({ ignoreCase: true, elements: true, values: true })
    expect(operatorExtras('exists')).toEqual({ ignoreCase: false, elements: false, values: false })
    expect(operatorChoice('semverGte').kind).toBe('version')
  })
})

describe('a rule', () => {
  const rule: Rule = {
    id: 'pilots',
    name: 'Pilots',
    from: '2026-03-01T09:00:00Z',
    when: { all: [{ attribute: 'plan', op: 'equals', value: 'pro', ignoreCase: false }] },
    share: { unit: 'account', percent: 5, hash: { scheme: 'unleash', salt: 's' } },
    serve: { split: { unit: 'user', arms: [{ variant: 'on', weight: 1 }], hash: { scheme: 'murmur3', salt: 'x' } } },
  }

  it('that nobody touched is sent exactly as it stood', () => {
    expect(fromRuleForm(toRuleForm(rule))).toBe(rule)
  })

  it('that was touched keeps what was not', () => {
    const after = fromRuleForm({ ...toRuleForm(rule), edited: true, name: 'Others', from: '' })
    const { from: _, ...rest } = rule
    expect(after).toEqual({ ...rest, name: 'Others', when: { attribute: 'plan', op: 'equals', value: 'pro' } })
  })

  it('with something unknown is kept as it is, whatever else is edited', () => {
    const newer = { ...rule, colour: 'blue' }
    const form = toConfigForm({
      on: true,
      offVariant: 'off',
      prerequisites: [],
      rules: [newer],
      fallthrough: rule.serve,
    })
    expect(form.rules[0]?.known).toBe(false)
    expect(fromConfigForm({ ...form, offVariant: 'on' }).rules[0]).toBe(newer)
  })

  it('that is new takes an id that is free', () => {
    expect(newRule(['rule-2'], 'on').id).toBe('rule-3')
    expect(newRule([], 'on').id).toBe('rule-1')
  })

  it('moves within its list and no further', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })
})

describe('problems', () => {
  const [flag] = SAMPLE_FLAGS
  if (flag === undefined) throw new Error('there are sample flags')
  const config: FlagConfig = {
    on: true,
    offVariant: 'off',
    prerequisites: [],
    rules: [],
    fallthrough: { variant: 'off' },
  }
  const around = { flags: SAMPLE_FLAGS, segments: [{ key: 'pilots' }], units: { workspace: 'workspaceId' } }
  const problemsOf = (rule: Rule) =>
    configProblems(flag, 'production', { config: { ...config, rules: [rule] }, around })

  it('are found by the check of the engine, at the field that they name', () => {
    const rule: Rule = {
      id: 'r',
      when: { all: [{ attribute: 'seats', op: 'gte', value: 'many' }, { segment: 'nobody' }] },
      share: { unit: 'planet', percent: Number.NaN },
      serve: { variant: 'on' },
    }
    const found = problemsOf(rule)
    expect(
      problemAt(problemsOf({ ...rule, share: { unit: 'planet', percent: 5 } }), 'rules[0].when.all[0].value'),
    ).toBe('needs a number')
    expect(problemAt(problemsOf({ ...rule, share: { unit: 'planet', percent: 5 } }), 'rules[0].share.unit')).toContain(
      'workspace',
    )
    expect(problemsUnder(found, 'rules[0].share').length).toBeGreaterThan(0)
    expect(problemsUnder(found, 'rules[1]')).toEqual([])
  })

  it('are none for what is sound: custom units, segments, expressions', () => {
    const when = { any: [{ segment: 'pilots' }, { attribute: 'id', op: 'matches', value: '(?i)^inv' }] } as const
    expect(
      problemsOf({ id: 'r', when, share: { unit: 'workspace', percent: 0.001 }, serve: { variant: 'on' } }),
    ).toEqual([])
  })

  it('of the server are found at the same places, however it writes them', async () => {
    const { AdminApiError } = await import('@dimmer/protocol')
    const error = new AdminApiError(400, 'invalid-request', 'no', [{ path: 'rules.0.share.percent', message: 'no' }])
    expect(serverProblems(error)).toEqual([{ path: 'rules[0].share.percent', message: 'no' }])
    expect(serverProblems(new Error('other'))).toEqual([])
  })

  it('are placed in words', () => {
    expect(placeWords('rules[1].when.all[0].value')).toBe('Rule 2, when all 1 value')
    expect(placeWords('fallthrough.variant')).toBe('fallthrough variant')
  })
})
