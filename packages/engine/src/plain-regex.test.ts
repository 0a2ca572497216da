import { expect, it } from 'vitest'
import { plainRegex } from './plain-regex.ts'

it.each([
  '^[a-z0-9]+\\.[0-9]+@example\\.(com|org)$',
  '^(dev|qa|staging)-',
  '@example\\.com$',
  '^v?\\d+(\\.\\d+){2}$',
  '^([a-z]+\\.)*$',
  'admin|owner',
  '^[^@]+@',
  '^a{2,5}b',
])('leaves %s to the platform', pattern => {
  expect(plainRegex(pattern, false)).toBeTypeOf('function')
})

it.each([
  ['a loop in a loop', '^(a+)+$'],
  ['two loops over the same characters, one after the other', '^\\w*\\d*$'],
  ['a loop that may eat what comes after it', '^.*@example\\.com$'],
  ['the same, with nothing certain between them', '^a*b?a*$'],
  ['branches that begin alike', '^(?:ab|ac)*$'],
  ['a branch of nothing', '^(?:a|)*b$'],
  ['a loop that may begin anywhere', '[a-z]+@'],
  ['a long match that may begin anywhere', 'a{65}'],
  ['an end that belongs to one branch only', '^a|b$'],
  ['what is not ASCII', '^é'],
  ['classes beyond ASCII', '^\\pL'],
  ['spaces, which are more elsewhere', '^\\s'],
  ['word boundaries', '^\\ba'],
  ['flags', '(?i)a'],
  ['lazy loops', '^a+?b'],
  ['an end in the middle', '^(a$)'],
])('does not leave %s to the platform: %s', (_, pattern) => {
  expect(plainRegex(pattern, false)).toBeUndefined()
})
