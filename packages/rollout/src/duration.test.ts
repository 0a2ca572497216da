import { expect, it } from 'vitest'
import { parseDuration } from './duration.ts'

it.each([
  ['PT48H', 172_800_000],
  ['P2D', 172_800_000],
  ['P1W', 604_800_000],
  ['P1DT12H30M', 131_400_000],
  ['PT0S', 0],
  ['PT1.5S', 1500],
])('reads %s as %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

it.each(['', 'P', 'PT', 'P1DT', '48h', 'PT-1H', '-PT1H', 'P1M', 'P1Y', 'PT1H ', 'PT1S1H', '1D', 'PT1.H'])(
  'refuses "%s"',
  text => {
    expect(parseDuration(text)).toBeUndefined()
  },
)

it('refuses a duration too long to be a number', () => {
  expect(parseDuration(`PT${'9'.repeat(400)}H`)).toBeUndefined()
})
