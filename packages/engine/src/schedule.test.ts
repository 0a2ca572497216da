import { describe, expect, it } from 'vitest'
import { flagOf, rulesetOf } from '../test/builders.ts'
import { compile, evaluate, explain, type Rule, ruleBoundaries, validateRuleset } from './index.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')

function forRule(times: Partial<Rule>) {
  return rulesetOf([flagOf('f', { rules: [{ id: 'r', name: 'launch', ...times, serve: { variant: 'on' } }] })])
}

function toldAt(times: Partial<Rule>, now: number) {
  return explain(compile(forRule(times)), 'f', {}, now).steps[0]
}

describe('a rule on a schedule', () => {
  it('is explained with its dates', () => {
    const times = { from: '2026-03-01', until: '2026-03-02' }
    expect(toldAt(times, NOON)).toMatchObject({
      matched: true,
      schedule: { ...times, holds: true },
      sentence: "rule 1 'launch' matched: in force from 2026-03-01 until 2026-03-02",
    })
    expect(toldAt(times, 0)).toMatchObject({
      matched: false,
      schedule: { ...times, holds: false },
      condition: undefined,
      sentence: "rule 1 'launch' did not match: not in force now, only from 2026-03-01 until 2026-03-02",
    })
    expect(toldAt({ until: '2026-03-01' }, NOON)?.sentence).toContain('not in force now, only until 2026-03-01')
    expect(toldAt({}, NOON)).toMatchObject({ schedule: undefined })
  })

  it.each(['tomorrow', '2026-02-30', ''])('is skipped when a date is %j', from => {
    const snapshot = compile(forRule({ from }))
    expect(snapshot.problems.map(({ path, code }) => [path, code])).toEqual([
      ['flags.f.rules[0].from', 'invalid-operand'],
    ])
    expect(evaluate(snapshot, 'f', {}, NOON).reason.kind).toBe('fallthrough')
  })

  it('may not end before it begins', () => {
    expect(validateRuleset(forRule({ from: '2026-03-02', until: '2026-03-01' }))).toEqual([
      {
        path: 'flags.f.rules[0].until',
        code: 'invalid-value',
        message: '2026-03-01 is not after 2026-03-02: the rule would never be in force',
      },
    ])
  })
})

describe('the boundaries of a ruleset', () => {
  const rule = (id: string, times: Partial<Rule>): Rule => ({ id, ...times, serve: { variant: 'on' } })
  const at = (text: string) => Date.parse(text)

  it('are the moments at which rules begin or end, in order, each with its flags', () => {
    const flags = [
      flagOf('a', {
        rules: [
          rule('late', { from: '2026-03-05T10:00:00+01:00' }),
          rule('early', { from: '2026-03-01', until: '2026-03-02' }),
          rule('always', {}),
        ],
      }),
      flagOf('b', { rules: [rule('r', { from: '2026-03-02', until: '2026-03-05T09:00:00Z' })] }),
      flagOf('off', { on: false, rules: [rule('r', { from: '2026-03-03' })] }),
    ]
    expect(ruleBoundaries(rulesetOf(flags))).toEqual([
      { at: at('2026-03-01'), flags: ['a'] },
      { at: at('2026-03-02'), flags: ['a', 'b'] },
      { at: at('2026-03-05T09:00:00Z'), flags: ['a', 'b'] },
    ])
  })

  it('pass over what cannot be read', () => {
    const odd: object[] = [{ rules: 'x' }, { rules: null }, { rules: [null, { from: 'soon', until: 7 }] }]
    const flags = odd.map((parts, index) => ({ ...flagOf(`f${index}`), ...parts }))
    expect(ruleBoundaries(rulesetOf(flags))).toEqual([{ at: 7, flags: ['f2'] }])
  })
})
