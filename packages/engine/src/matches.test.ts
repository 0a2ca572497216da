import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { nativeRegex } from '../test/native-regex.ts'
import { compile, evaluate, explain, type Json, type Test, validateRuleset } from './index.ts'

function forTest(test: Partial<Test>) {
  const when: Test = { attribute: 'email', op: 'matches', value: '^a+@', ...test }
  const others = { id: 'all', when: { attribute: 'plan', op: 'exists' }, serve: { variant: 'on' } } as const
  return rulesetOf([flagOf('f', { rules: [{ id: 'r', when, serve: { variant: 'on' } }, others] })])
}

function gives(test: Partial<Test>, email: unknown): unknown {
  return evaluate(compile(forTest(test), { regex: nativeRegex }), 'f', { email }, 0).value
}

describe('matches', () => {
  it('holds for a text in which the expression is found anywhere', () => {
    expect(gives({}, 'aaa@x')).toBe(true)
    expect(gives({}, 'b@x')).toBe(false)
    expect(gives({ value: 'b' }, 'abc')).toBe(true)
    expect(gives({ value: ['^x', 'c$'] }, 'abc')).toBe(true)
    expect(gives({ value: ['^a', 'c$'], values: 'all' }, 'abd')).toBe(false)
    expect(gives({ value: '^ABC$', ignoreCase: true }, 'abc')).toBe(true)
  })

  it.each([7, true, null, {}, 'a'.repeat(10_001)])('does not hold for %j', value => {
    expect(gives({ value: '.' }, value)).toBe(false)
  })

  it('looks at the elements of a list', () => {
    expect(gives({}, ['b@x', 'a@x'])).toBe(true)
    expect(gives({ elements: 'all' }, ['b@x', 'a@x'])).toBe(false)
  })

  it('without an engine is reported, and only its rule is skipped', () => {
    const snapshot = compile(forTest({}))
    expect(snapshot.problems).toEqual([
      {
        flagKey: 'f',
        path: 'flags.f.rules[0].when.op',
        code: 'no-regex-engine',
        message: '"matches" needs a regular expression engine, and there is none here',
      },
    ])
    expect(evaluate(snapshot, 'f', { email: 'a@x', plan: 'pro' }, 0).reason).toMatchObject({ ruleId: 'all' })
    expect(explain(snapshot, 'f', { email: 'a@x' }, 0).steps[0]).toMatchObject({ understood: false })
  })

  it.each<Json>(['(', 'a'.repeat(1001), '', 7, []])('refuses the pattern %j', value => {
    const ruleset = forTest({ value })
    expect(validateRuleset(ruleset, { regex: nativeRegex }).map(({ code }) => code)).toEqual(['invalid-operand'])
  })
})

interface MatchCase {
  readonly pattern: string
  readonly text: string
  readonly ignoreCase?: boolean
  readonly holds: boolean
}

const file = new URL('../../../spec/matches.json', import.meta.url)
const { matches }: { readonly matches: readonly MatchCase[] } = JSON.parse(readFileSync(file, 'utf8'))

it.each(matches)('$pattern against $text: $holds', ({ pattern, text, ignoreCase = false, holds }) => {
  expect(gives({ value: pattern, ignoreCase }, text)).toBe(holds)
})
