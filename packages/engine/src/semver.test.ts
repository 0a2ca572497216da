import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referenceSemver } from '../test/reference-semver.ts'
import { semverOrder } from './semver.ts'

const isSemver = (text: string): boolean => semverOrder(text) !== undefined
const compareSemver = (text: string, version: string): number => semverOrder(version)?.(text) ?? Number.NaN

/** The example of semver.org, in rising order, and what lies around it. */
const RISING = [
  '0.0.0-0',
  '0.0.0',
  '0.0.10',
  '0.9.99',
  '1.0.0--1',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.9007199254740993',
  '1.0.9007199254740994',
  '1.2.0',
  '1.10.0',
  '2.0.0',
  '10.0.0',
]
const INVALID = [
  '',
  '1',
  '1.2',
  '1.2.3.4',
  'v1.2.3',
  '01.2.3',
  '1.2.3-',
  '1.2.3-01',
  '1.2.3-a..b',
  '1.2.3+',
  '1.2.3+a_b',
]
const ODD = [' 1.2.3', '1.2.3 ', '-1.2.3', '1.2.x', '1.2.3-é', '1..3', '1.2.3+a+b', '１.2.3']

describe('semantic versions', () => {
  it('rise as semver.org says, each above all before it', () => {
    for (const [i, a] of RISING.entries()) {
      for (const [j, b] of RISING.entries()) expect(Math.sign(compareSemver(a, b))).toBe(Math.sign(i - j))
    }
  })

  it('are the same when only the build differs', () => {
    expect(compareSemver('1.2.3+a.01', '1.2.3+b')).toBe(0)
    expect(compareSemver('1.2.3-rc.1+a', '1.2.3-rc.1')).toBe(0)
  })

  it.each([...INVALID, ...ODD])('%j is none', text => {
    expect(isSemver(text)).toBe(false)
    expect(compareSemver(text, '1.2.3')).toBeNaN()
  })

  it('are judged as the grammar of semver.org has it', () => {
    const number = fc.constantFrom('0', '1', '9', '10', '01', '', '123456789012345678901')
    const word = fc.constantFrom('0', '1', '11', '01', 'a', 'b', '-', '1a', '0a', 'A', '', '_')
    const dotted = (prefix: string) => fc.array(word, { maxLength: 3 }).map(words => prefix.concat(words.join('.')))
    const version = fc
      .tuple(number, number, number, fc.oneof(fc.constant(''), dotted('-')), fc.oneof(fc.constant(''), dotted('+')))
      .map(([a, b, c, pre, build]) => `${a}.${b}.${c}${pre}${build}`)
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(isSemver(a)).toBe(!Number.isNaN(referenceSemver(a, '1.0.0')))
        if (isSemver(b)) expect(Math.sign(compareSemver(a, b))).toBe(referenceSemver(a, b))
      }),
      { numRuns: 1000 },
    )
  })
})
