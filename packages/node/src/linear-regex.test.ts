import { readFileSync } from 'node:fs'
import { compile, evaluate, type Flag } from '@dimmer/engine'
import fc from 'fast-check'
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

describe('a pattern that the platform runs itself', () => {
  /** The engine decides which these are: it gets RE2, and its answers must stay those of RE2. */
  function holds(pattern: string, ignoreCase: boolean, text: string): unknown {
    const when = { attribute: 'text', op: 'matches', value: pattern, ignoreCase } as const
    const flag: Flag = {
      key: 'f',
      type: 'boolean',
      variants: { yes: true, no: false },
      salt: 's',
      version: 1,
      on: true,
      offVariant: 'no',
      prerequisites: [],
      rules: [{ id: 'r', when, serve: { variant: 'yes' } }],
      fallthrough: { variant: 'no' },
    }
    const about = { schema: 1, project: 'p', environment: 'e', version: 1, segments: {}, units: {} } as const
    const snapshot = compile({ ...about, flags: { f: flag } }, { regex: linearRegex })
    expect(snapshot.problems).toEqual([])
    return evaluate(snapshot, 'f', { text }, 0).value
  }

  const letters = [
    'a',
    'b',
    'k',
    'S',
    'Z',
    '0',
    '9',
    '_',
    '-',
    '.',
    '@',
    ' ',
    '\n',
    '\r',
    '\u2028',
    'K',
    'ſ',
    'é',
    '😀',
    '\ud83d',
    '\ude00',
  ]
  const texts = fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map(some => some.join(''))
  const atoms = fc.constantFrom(
    ...'abkS0_-@ '.split(''),
    '.',
    '\\d',
    '\\w',
    '\\.',
    '\\-',
    '[a-z]',
    '[^@]',
    '[^a-k\\d]',
    '[-.]',
    '[\\w.-]',
    '[k-s]',
    '[0-9A-Z]',
  )
  const counts = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}')
  const { pattern: patterns } = fc.letrec<{ pattern: string; piece: string }>(tie => ({
    pattern: fc
      .tuple(fc.boolean(), fc.array(tie('piece'), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([start, pieces, end]) => `${start ? '^' : ''}${pieces.join('')}${end ? '$' : ''}`),
    piece: fc
      .tuple(
        fc.oneof(
          { maxDepth: 2, depthSize: 'small' },
          atoms,
          fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map(pieces => `(?:${pieces.join('|')})`),
          fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map(pieces => `(${pieces.join('')})`),
        ),
        counts,
      )
      .map(([atom, count]) => atom + count),
  }))

  it('gives what RE2 gives, for any pattern and text', () => {
    fc.assert(
      fc.property(
        patterns,
        fc.boolean(),
        fc.array(texts, { minLength: 5, maxLength: 5 }),
        (pattern, ignoreCase, some) => {
          const test = linearRegex(pattern, { ignoreCase })
          for (const text of some) expect([text, holds(pattern, ignoreCase, text)]).toEqual([text, test(text)])
        },
      ),
      { numRuns: 150 },
    )
  })
})
