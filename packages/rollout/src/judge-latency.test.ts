import { judge } from '@dimmer/rollout'
import { expect, it } from 'vitest'
import { factsOf, type StageInput, stageFacts } from '../test/facts.ts'
import { canary, DAY, LATENCY, T0 } from '../test/plans.ts'

const plan = canary({ guardrails: [LATENCY] })

const look = (...stages: StageInput[]) =>
  judge(
    plan,
    factsOf(
      'p95',
      stages.map((stage, index) => stageFacts({ stage: index, startedAt: T0 + index * DAY, ...stage })),
    ),
    T0 + 5 * DAY,
  )

/** Units whose slow events are spread evenly: 20 events each, `slow` of them slow in every fifth unit. */
const units = (count: number, slow: number) => [
  { count: count / 5, events: 20, slow },
  { count: (count * 4) / 5, events: 20 },
]

it('is breached when more events are slow than the quantile allows', () => {
  const verdict = look({ share: 0.05, treated: units(600, 10), control: units(11_400, 1) })
  expect(verdict.kind).toBe('breached')
  expect(verdict.sentence).toMatch(
    /^10 % of pdf.generated of exposed accounts took longer than 800 ms \(8.8 % to 11 %\); p95 allows 5 %: 1,200 of 12,000 events, 120 of 600 accounts. Chance of a false alarm below 1 in a million.$/,
  )
  expect(verdict.evidence).toMatchObject({ limit: 800, estimate: undefined, lower: undefined, upper: undefined })
  expect(verdict.evidence.slow).toMatchObject({ allowed: 0.05, estimate: 0.1 })
  expect(verdict.evidence.logE).toBeGreaterThanOrEqual(verdict.evidence.breachAt)
})

it('is ok when fewer are slow, proven', () => {
  const verdict = look({ share: 0.05, treated: units(600, 2), control: units(11_400, 2) })
  expect(verdict.kind).toBe('ok')
  expect(verdict.sentence).toContain('Fewer than 5 % are slow (95 % sure).')
})

it('is inconclusive with few events, and with as many slow ones as allowed', () => {
  expect(look({ share: 0.05, treated: units(5, 0), control: units(95, 0) }).kind).toBe('inconclusive')
  expect(look({ share: 0.05, treated: units(600, 5), control: units(11_400, 5) }).kind).toBe('inconclusive')
})

it('takes into account that the events of one unit belong together', () => {
  const spread = look({ share: 0.05, treated: units(600, 6), control: units(11_400, 2) })
  const clustered = look({
    share: 0.05,
    treated: [
      { count: 36, events: 20, slow: 20 },
      { count: 564, events: 20 },
    ],
    control: [
      { count: 228, events: 20, slow: 20 },
      { count: 11_172, events: 20 },
    ],
  })
  expect(clustered.evidence.eventsHit.treated).toBe(spread.evidence.eventsHit.treated)
  expect(clustered.evidence.logE).toBeLessThan(spread.evidence.logE)
  expect(clustered.kind).toBe('inconclusive')
})

it('blames the environment when the comparison group breaks the same limit', () => {
  const verdict = look({ share: 0.05, treated: units(600, 10), control: units(11_400, 10) })
  expect(verdict.kind).toBe('inconclusive')
  expect(verdict.sentence).toContain('Both groups are slow: an environment problem')
})

it('is judged at 100 % too, where nobody is left to compare with', () => {
  const before: StageInput = { share: 0.05, treated: units(600, 1), control: units(11_400, 1) }
  const slow = look(before, { share: 1, treated: units(11_400, 10), control: [] })
  expect(slow.kind).toBe('breached')
  expect(look(before, { share: 1, treated: units(11_400, 1), control: [] }).kind).toBe('ok')
  expect(look({ share: 1, treated: units(11_400, 10), control: [] }).kind).toBe('breached')
})

it('finds a stage that alone is slow after calm ones, however much they dilute it', () => {
  const calm: StageInput = { share: 0.5, treated: units(6_000, 0), control: units(6_000, 1) }
  const { kind, evidence } = look(calm, calm, { share: 1, treated: units(3_000, 8), control: [] })
  expect(evidence.slow?.estimate).toBeLessThan(0.05)
  expect(kind).toBe('breached')
})

it('is not cleared by calm stages while the present one has proven nothing', () => {
  const calm: StageInput = { share: 0.5, treated: units(6_000, 0), control: units(6_000, 1) }
  expect(look(calm).kind).toBe('ok')
  expect(look(calm, { share: 1, treated: units(100, 5), control: [] }).kind).toBe('inconclusive')
})

it('does not hold a past environment problem against the present stage', () => {
  const outage: StageInput = { share: 0.05, treated: units(600, 20), control: units(11_400, 20) }
  expect(look(outage, { share: 1, treated: units(600, 2), control: [] }).kind).not.toBe('breached')
})

it('is never breached by a single exposed unit', () => {
  const verdict = look({
    share: 0.05,
    treated: [
      { count: 1, events: 1000, slow: 500 },
      { count: 5, events: 20 },
    ],
    control: [{ count: 100, events: 100, slow: 1 }],
  })
  expect(verdict.evidence.logE).toBeGreaterThan(verdict.evidence.breachAt)
  expect(verdict.kind).toBe('inconclusive')
})

it('is no-data without events, never ok', () => {
  expect(look({ share: 0.05, treated: [{ count: 600, events: 0 }], control: units(11_400, 0) }).kind).toBe('no-data')
})
