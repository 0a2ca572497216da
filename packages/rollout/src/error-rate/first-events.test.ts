import { beginEvidence, type ErrorCounts, evidenceOfFacts, foldErrors, judge, type StageFacts } from '@dimmer/rollout'
import { ratioBounds, ratioEstimate, restartedLogE, tableSlices } from '@dimmer/stats'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../stats/test/random.ts'
import { stageFacts } from '../../test/facts.ts'
import { canary, DAY, ERROR_RATE, HOUR, T0 } from '../../test/plans.ts'
import { startsDue } from './error-evidence.ts'
import { errorBounds, readErrors } from './error-reading.ts'

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

const read = (facts: StageFacts, until: number) => {
  const evidence = evidenceOfFacts([facts], until)
  if (!evidence) throw new Error('no stage')
  return readErrors(evidence, 2).tests[0]
}

it('shows bounds that are within one percent of the exact ones', () => {
  const reading = read(stage(600, 40), T0 + DAY)
  const exact = ratioBounds(tableSlices(reading.table), 0.025, { grid: 'G24' })
  const shown = errorBounds(reading, 0.025)
  expect(shown.lower / exact.lower).toBeCloseTo(1, 2)
  expect((shown.upper ?? 0) / (exact.upper ?? 1)).toBeCloseTo(1, 2)
})

it('keeps very many failing units in a small table, with nearly the same estimate', () => {
  const reading = read(stage(3000, 10), T0 + DAY)
  expect(reading.hit.treated + reading.hit.control).toBeGreaterThan(2000)
  expect(JSON.stringify(reading.table).length).toBeLessThan(1500)
  expect(ratioEstimate(tableSlices(reading.table))).toBeGreaterThan(0.85)
  expect(reading.estimate).toBeLessThan(1.15)
  expect(reading.harm).toBeLessThan(1)
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
  const hit = (stages: StageFacts[]) => {
    const evidence = evidenceOfFacts(stages, T0 + DAY)
    return evidence && readErrors(evidence, 2).tests[0].hit.treated
  }
  expect(hit([first])).toBe(5)
  expect(hit([first, next])).toBe(0)
})

it('starts afresh after 5, 10, 15, 20, 30, 40, 60, 80, 120 minutes and so on', () => {
  const minutes = Array.from({ length: 500 }, (_, minute) => minute)
  const starts = minutes.filter(minute => startsDue(minute * 60_000) > startsDue((minute - 1) * 60_000))
  expect(starts).toEqual([5, 10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480])
})

describe('evidence that is folded look by look', () => {
  const group = (treated: number, control: number) => ({ treated, control })
  const counts = (treated: number, control: number): ErrorCounts => ({
    entered: group(100, 1900),
    active: group(100, 1900),
    failed: group(treated, control),
    ran: group(0, 0),
    events: group(1000, 19_000),
    failures: group(treated, control),
  })
  const begun = beginEvidence({ stage: 0, share: 0.05, startedAt: T0 })

  it('is the same as out of all facts, when each look brings one failure', () => {
    const facts = stage(400, 40)
    const times = facts.units.flatMap(unit => unit.firstFailureAt ?? []).filter(at => at <= T0 + DAY)
    const upTo = (at: number): ErrorCounts => {
      const of = (arm: string, time: (unit: (typeof facts.units)[number]) => number | undefined) =>
        facts.units.filter(unit => unit.arm === arm && (time(unit) ?? Infinity) <= at).length
      const both = (time: (unit: (typeof facts.units)[number]) => number | undefined) =>
        group(of('treated', time), of('control', time))
      return { ...counts(0, 0), entered: both(unit => unit.enteredAt), failed: both(unit => unit.firstFailureAt) }
    }
    const folded = [...new Set(times)]
      .sort((a, b) => a - b)
      .reduce(
        (evidence, at) => foldErrors(evidence, { at, counts: upTo(at) }),
        beginEvidence({ ...facts, startedAt: T0 }),
      )
    expect(folded.first).toEqual(evidenceOfFacts([facts], T0 + DAY)?.first)
  })

  it('is bit for bit the same after being stored in between, and smaller than 3 kB', () => {
    const random = seededRandom(7)
    let [kept, stored] = [begun, begun]
    let [treated, control] = [0, 0]
    for (let tick = 1; tick <= 2000; tick++) {
      treated += random() < 0.03 ? 1 : 0
      control += random() < 0.5 ? 1 : 0
      const at = T0 + tick * 5000
      const minutes = [
        {
          at: at - 60_000,
          failedTreated: tick % 3,
          failedControl: tick % 50,
          activeTreated: 90 + random(),
          activeControl: 1800,
        },
      ]
      const look = {
        at,
        counts: counts(treated, control),
        minutes,
        spread: { phi: 1 + random(), recurrence: random() },
      }
      kept = foldErrors(kept, look)
      stored = JSON.parse(JSON.stringify(foldErrors(stored, look)))
    }
    expect(stored).toEqual(kept)
    expect(restartedLogE(stored.first)).toBe(restartedLogE(kept.first))
    expect(JSON.stringify(kept).length).toBeLessThan(3000)
  })

  it('counts a running minute once as it grows, and no look that comes late', () => {
    const minute = { at: T0, failedTreated: 3, failedControl: 3, activeTreated: 100, activeControl: 1900 }
    const look = { at: T0 + 60_000, counts: counts(1, 2), minutes: [minute] }
    const once = foldErrors(begun, look)
    expect(foldErrors(once, { ...look, at: T0 + 65_000 }).minutes).toEqual(once.minutes)
    const half = { ...minute, failedTreated: 1, failedControl: 1 }
    const grown = [half, minute].reduce(
      (evidence, fact, index) => foldErrors(evidence, { ...look, at: T0 + (index + 1) * 5000, minutes: [fact] }),
      begun,
    )
    expect(tableSlices(grown.minutes)).toEqual(tableSlices(once.minutes))
    const next = foldErrors(once, { ...look, at: T0 + 65_000, minutes: [{ ...minute, at: T0 + 60_000 }] })
    expect(foldErrors(next, { ...look, at: T0 + 70_000, minutes: [minute] }).minutes).toEqual(next.minutes)
    expect(foldErrors(once, { ...look, at: T0 + 1, counts: counts(9, 9) })).toBe(once)
  })

  it('takes counts that fall for what they are: nothing new', () => {
    const once = foldErrors(begun, { at: T0 + 5000, counts: counts(5, 5) })
    const less = foldErrors(once, { at: T0 + 10_000, counts: counts(4, 5) })
    expect(less.first).toEqual(once.first)
    expect(foldErrors(less, { at: T0 + 15_000, counts: counts(5, 5) }).first).not.toEqual(once.first)
  })

  it('speaks of failures where minutes are counted: one with two failures counts once', () => {
    const minutes = Array.from({ length: 100 }, (_, minute) => ({
      at: T0 + minute * 60_000,
      failedTreated: minute % 4 === 0 ? 1 : 2,
      failedControl: 19,
      activeTreated: 100,
      activeControl: 1900,
    }))
    const at = T0 + 100 * 60_000
    const verdictWith = (recurrence: number) => {
      const look = { at, counts: counts(40, 600), minutes, spread: { phi: 1, recurrence } }
      const stages = [stageFacts({ share: 0.05, treated: [], control: [], seen: { treated: 100, control: 1900 } })]
      const facts = { guardrailId: ERROR_RATE.id, stages, lastEventAt: at, evidence: foldErrors(begun, look) }
      return judge(canary({ guardrails: [ERROR_RATE] }), facts, at)
    }
    expect(ERROR_RATE.maxRatio).toBe(2)
    const plain = verdictWith(0)
    expect(plain.kind).toBe('inconclusive')
    expect(plain.evidence.estimate).toBeCloseTo(1.75, 2)
    expect(plain.sentence).toContain('Harm is proven, but the estimate is below the limit.')
    const recurring = verdictWith(0.26)
    expect(recurring.kind).toBe('breached')
    expect(recurring.evidence.estimate).toBeCloseTo(2.02, 1)
    expect(recurring.evidence.upper).toBeGreaterThan(plain.evidence.upper ?? Infinity)
    expect(recurring.evidence.logE).toBe(plain.evidence.logE)
  })
})
