import type { Arm, StageFacts, UnitFact } from './facts.ts'
import type { Evidence, PerGroup } from './verdict.ts'

/** The sum of `amount` over the units of all stages, per group. */
export function totals(stages: readonly StageFacts[], amount: (unit: UnitFact) => number): PerGroup {
  const of = (arm: Arm): number =>
    stages.reduce(
      (sum, { units }) => units.reduce((inner, unit) => (unit.arm === arm ? inner + amount(unit) : inner), sum),
      0,
    )
  return { treated: of('treated'), control: of('control') }
}

type Counts = Pick<Evidence, 'units' | 'unitsHit' | 'events' | 'eventsHit'>

/** The counts of a verdict's evidence; `hit` says how many of a unit's events are bad. */
export function countsOf(stages: readonly StageFacts[], hit: (unit: UnitFact) => number): Counts {
  return {
    units: totals(stages, () => 1),
    unitsHit: totals(stages, unit => (hit(unit) > 0 ? 1 : 0)),
    events: totals(stages, unit => unit.events),
    eventsHit: totals(stages, hit),
  }
}
