import { compile, evaluate } from '@dimmer/engine'
import type { FirstExposure } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import { Exposures } from './exposures.ts'

const ruleset = rulesetOf(1, [
  booleanFlag('a', { rules: [{ id: 'r', share: { unit: 'account', percent: 100 }, serve: { variant: 'on' } }] }),
])
const snapshot = compile(ruleset)

function exposuresWith(maxUnitIds: number) {
  const firsts: FirstExposure[] = []
  const options = {
    maxUnitIds,
    now: () => 0,
    onNew: () => undefined,
    onFirst: (first: FirstExposure) => firsts.push(first) > 0,
  }
  const exposures = new Exposures(options)
  exposures.useRuleset(ruleset)
  const serve = (accountId: string): void => exposures.record(evaluate(snapshot, 'a', { accountId }, 0), { accountId })
  return { firsts, serve, exposures }
}

it('remembers the newest units, and forgets the oldest when it is full', () => {
  const { firsts, serve } = exposuresWith(100)
  const reportedAgain = (from: number, to: number): number => {
    const before = firsts.length
    for (let i = from; i < to; i++) serve(`acc-${i}`)
    return firsts.length - before
  }
  expect(reportedAgain(0, 1_000)).toBe(1_000)
  expect(reportedAgain(950, 1_000)).toBe(0)
  expect(reportedAgain(0, 10)).toBe(10)
})

it('counts no more unknown keys than it has room for, and says so', () => {
  const { exposures } = exposuresWith(100)
  const counted = Array.from({ length: 1_500 }, (_, index) => exposures.recordFallback(`key-${index}`, 0)).filter(
    Boolean,
  )
  expect(counted.length).toBe(1_000)
  expect(exposures.recordFallback('key-0', 0)).toBe(true)
  expect(exposures.takeCounts().length).toBe(1_000)
  expect(exposures.recordFallback('new', 0)).toBe(true)
})
