import { requireNonNegative, requireOpenProbability } from '../numeric/checks.ts'

/** One never-exposed unit in one stage: minutes with a failure, and active minutes times `historyWeight`. */
export interface UnitStageMinutes {
  readonly failed: number
  readonly active: number
}

/** One stage: share of the units exposed in it. */
export interface StageShare {
  readonly share: number
}

/** All units, exposed or not; per never-exposed unit its minutes stage by stage. */
export interface MinuteSample {
  readonly units: number
  readonly stages: readonly StageShare[]
  readonly control: readonly (readonly UnitStageMinutes[])[]
}

/**
 * How much more a unit's minutes are expected to fail than others': `(failed + 1) / (active + 1 / rate)` of the time before,
 * `rate` being that of all units together. 1 without history.
 *
 * Source: empirical-Bayes shrinkage of a rate to the common one (Clayton & Kaldor 1987, Biometrics 43:671). A wrong history
 * costs speed, not validity: the weight is fixed before the rollout.
 */
export function historyWeight(before: UnitStageMinutes | undefined, rate: number): number {
  if (!before || !(rate > 0)) return 1
  requireNonNegative('failed minutes', before.failed)
  requireNonNegative('active minutes', before.active)
  return (before.failed + 1) / (before.active + 1 / rate) / rate
}

/**
 * Design effect of failed unit-minutes compared between groups that were drawn by unit: how much more the difference
 * varies than if each failed minute were a unit of its own. At least 1; undefined with fewer than 30 control units or
 * without a failure among them.
 *
 * Source: variance of a sum over units sampled by sticky hashing, from units never exposed so that the effect cannot inflate
 * it; used as Rao & Scott 1992, Biometrics 48:577. Null of the test it serves: exposure changes no unit's failures.
 * Asymptotic in the number of units. Throws a RangeError on shares outside (0, 1) or negative minutes.
 */
export function minuteDesignEffect({ units, stages, control }: MinuteSample): number | undefined {
  for (const { share } of stages) requireOpenProbability('share', share)
  const nC = control.length
  if (nC < 30) return undefined
  const totals = stages.map((_, s) => totalOf(control, s))
  const rates = totals.map(({ failed, active }) => (active > 0 ? failed / active : 0))
  const scale = units / nC
  const expected = stages.reduce((sum, { share }, s) => sum + share * (1 - share) * (totals[s]?.failed ?? 0) * scale, 0)
  if (!(expected > 0)) return undefined
  let spread = 0
  for (const unit of control) spread += spreadOf(unit, stages, rates)
  return Math.max(1, ((units / (nC - 1)) * spread) / expected)
}

function totalOf(control: MinuteSample['control'], stage: number): UnitStageMinutes {
  let failed = 0
  let active = 0
  for (const unit of control) {
    failed += unit[stage]?.failed ?? 0
    active += unit[stage]?.active ?? 0
  }
  requireNonNegative('failed minutes', failed)
  requireNonNegative('active minutes', active)
  return { failed, active }
}

/** `sum over pairs of stages a_min (1 - a_max) U U'`, U being failures beyond the expected ones. */
function spreadOf(unit: readonly UnitStageMinutes[], stages: readonly StageShare[], rates: readonly number[]): number {
  const excess = rates.map((rate, s) => (unit[s]?.failed ?? 0) - rate * (unit[s]?.active ?? 0))
  let sum = 0
  for (let s = 0; s < stages.length; s++) {
    for (let t = 0; t < stages.length; t++) {
      const [a, b] = [stages[s]?.share ?? 0, stages[t]?.share ?? 0]
      sum += Math.min(a, b) * (1 - Math.max(a, b)) * (excess[s] ?? 0) * (excess[t] ?? 0)
    }
  }
  return sum
}
