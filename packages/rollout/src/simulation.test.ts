import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../stats/test/random.ts'
import { canary, ERROR_RATE, HOUR } from '../test/plans.ts'
import { type Run, simulate, type World } from '../test/simulation.ts'

/** Whatever is not proven harmful passes, so that each run goes through all four stages: the most chances for a false alarm. */
const plan = canary({
  guardrails: [ERROR_RATE],
  policy: { breached: 'roll-back', inconclusive: 'warn', noData: 'hold', sickSample: 'hold' },
})

function runs(count: number, world: Omit<World, 'random'>): Run[] {
  return Array.from({ length: count }, (_, seed) =>
    simulate(plan, { ...world, random: seededRandom(seed * 7919) }, 8 * HOUR),
  )
}

describe('whole rollouts through judge, decide and apply', () => {
  it('rolls back at most 5 % of harmless ones in all four stages together', () => {
    const harmless = runs(60, { units: 400, hoursToFailure: 300, broken: 0 })
    const rolledBack = harmless.filter(({ state }) => state.status === 'rolled-back').length
    const completed = harmless.filter(({ state }) => state.status === 'completed').length
    expect(rolledBack).toBeLessThanOrEqual(3)
    expect(rolledBack + completed).toBe(60)
  }, 30_000)

  it('rolls back a bug that breaks 3 % of the accounts totally, mostly in the first stage', () => {
    const broken = runs(20, { units: 4000, hoursToFailure: 1000, broken: 0.03 })
    const inStage = (stage: number) =>
      broken.filter(({ state }) => state.status === 'rolled-back' && state.stage === stage).length
    expect(inStage(0)).toBeGreaterThanOrEqual(14)
    expect(inStage(0) + inStage(1)).toBe(20)
  })

  it('gives the same run from the same seed', () => {
    const [once] = runs(1, { units: 200, hoursToFailure: 100, broken: 0.05 })
    const [again] = runs(1, { units: 200, hoursToFailure: 100, broken: 0.05 })
    expect(again).toEqual(once)
  })
})
