import { ratioBounds } from '@dimmer/stats'
import { expect, it } from 'vitest'
import { seededRandom } from '../../stats/test/random.ts'
import { stageFacts } from '../test/facts.ts'
import { DAY, HOUR, T0 } from '../test/plans.ts'
import type { StageFacts } from './facts.ts'
import { type FirstEvent, hazardBounds, readFirstEvent } from './first-event.ts'

const FIRST: FirstEvent = { grid: 'G24', at: unit => unit.firstFailureAt, what: 'failed' }

function stage(units: number, hoursToFailure: number): StageFacts {
  const random = seededRandom(units)
  const wait = (hours: number): number => -Math.log(1 - random()) * hours * HOUR
  const frame = stageFacts({ share: 0.25, treated: [], control: [] })
  return {
    ...frame,
    units: Array.from({ length: units }, () => {
      const enteredAt = T0 + Math.round(wait(1))
      const firstFailureAt = enteredAt + Math.round(wait(hoursToFailure))
      return {
        arm: random() < 0.25 ? 'treated' : 'control',
        enteredAt,
        firstFailureAt,
        events: 10,
        failures: 1,
        slow: 0,
      }
    }),
  }
}

const read = (facts: StageFacts, until: number) => readFirstEvent([facts], FIRST, { now: until, maxRatio: 2 })

it('shows bounds that are within one percent of the exact ones', () => {
  const reading = read(stage(600, 40), T0 + DAY)
  const exact = ratioBounds(reading.slices, 0.025, { grid: 'G24' })
  const shown = hazardBounds(reading, 0.025)
  expect(reading.slices.length).toBeGreaterThan(200)
  expect(shown.lower / exact.lower).toBeCloseTo(1, 2)
  expect((shown.upper ?? 0) / (exact.upper ?? 1)).toBeCloseTo(1, 2)
})

it('keeps a look at very many failing units to some hundred ticks, with nearly the same evidence', () => {
  const many = stage(3000, 10)
  const coarse = read(many, T0 + DAY)
  const parts = many.units.map((_, index) => index % 4)
  const exact = [0, 1, 2, 3].map(part =>
    read({ ...many, units: many.units.filter((_, i) => parts[i] === part) }, T0 + DAY),
  )
  const hits = exact.reduce((sum, { hit }) => sum + hit.treated + hit.control, 0)
  expect(coarse.hit.treated + coarse.hit.control).toBe(hits)
  expect(hits).toBeGreaterThan(2000)
  expect(coarse.slices.length).toBeLessThan(800)
  expect(coarse.estimate).toBeGreaterThan(0.85)
  expect(coarse.estimate).toBeLessThan(1.15)
  expect(coarse.harm).toBeLessThan(1)
})

it('counts the failures of a stage until the next one begins', () => {
  const first = stageFacts({
    share: 0.05,
    treated: [{ count: 5, failures: 1, failsFrom: 90 }],
    control: [{ count: 95 }],
  })
  const next = stageFacts({
    stage: 1,
    share: 0.25,
    startedAt: T0 + HOUR,
    treated: [{ count: 20 }],
    control: [{ count: 75 }],
  })
  const hit = (stages: StageFacts[]) => readFirstEvent(stages, FIRST, { now: T0 + DAY, maxRatio: 2 }).hit.treated
  expect(hit([first])).toBe(5)
  expect(hit([first, next])).toBe(0)
})
