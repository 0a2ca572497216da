import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { linearRegex } from './linear-regex.ts'

interface MatchesSpec {
  readonly matches: readonly {
    readonly pattern: string
    readonly text: string
    readonly ignoreCase?: boolean
    readonly holds: boolean
  }[]
  readonly invalid: readonly string[]
}

const spec: MatchesSpec = JSON.parse(readFileSync(new URL('../../../spec/matches.json', import.meta.url), 'utf8'))

describe('the expressions of the specification', () => {
  it.each(spec.matches)('$pattern on $text: $holds', ({ pattern, text, ignoreCase = false, holds }) => {
    expect(linearRegex(pattern, { ignoreCase })(text)).toBe(holds)
  })

  it.each(spec.invalid)('refuses %s', pattern => {
    expect(() => linearRegex(pattern, { ignoreCase: false })).toThrow()
  })
})

it('takes time that grows with the text, not with what could match', () => {
  expect(linearRegex('^(a+)+$', { ignoreCase: false })(`${'a'.repeat(9_000)}!`)).toBe(false)
})

it('refuses what is short to write and long to run', () => {
  expect(() => linearRegex('(\\pL{400}){2}\\pL{400}', { ignoreCase: false })).toThrow('more than 1000 steps')
  expect(linearRegex('a{900}', { ignoreCase: false })('a'.repeat(900))).toBe(true)
})
