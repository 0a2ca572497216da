import { requireNonNegative } from '../numeric/checks.ts'
import type { UnitStageMinutes } from './minute-design-effect.ts'

/** Above this, recurrence says more about a few units than about the rest. */
const MOST = 0.9

/**
 * The chance that a unit with a failed minute fails in another active minute of its own, over all failed minutes: 0 where
 * failures are rare everywhere, near 1 where few units fail nearly always. `active` are plain minutes, without weights.
 * Undefined without a failed minute.
 *
 * Source: `f (f - 1) / (a (a - 1))` is unbiased for the square of a unit's chance to fail in a minute (second factorial
 * moment of a binomial count). An estimate, for scales only; it decides nothing by itself.
 */
export function minuteRecurrence(units: readonly UnitStageMinutes[]): number | undefined {
  let [again, all] = [0, 0]
  for (const { failed, active } of units) {
    requireNonNegative('failed minutes', failed)
    requireNonNegative('active minutes', active)
    all += failed
    if (active > 1) again += (failed * (failed - 1)) / (active - 1)
  }
  return all === 0 ? undefined : Math.min(MOST, Math.max(0, again / all))
}

/**
 * How many times the failed minutes there are when failures are `times` as frequent: fewer, because a minute with two
 * failures counts once. `(1 - (1 - s)^times) / s` with `s` of `minuteRecurrence`.
 */
export function minutesRatio(times: number, recurrence: number): number {
  requireNonNegative('ratio', times)
  return recurrence === 0 ? times : -Math.expm1(times * Math.log1p(-recurrence)) / recurrence
}

/**
 * The inverse of `minutesRatio`: how many times the failures, given a ratio of failed minutes (Infinity: only one group has
 * any). Where nearly all minutes would fail it grows in proportion.
 */
export function failuresRatio(minutes: number, recurrence: number): number {
  if (minutes === Infinity) return Infinity
  requireNonNegative('ratio', minutes)
  if (recurrence === 0) return minutes
  const full = Math.max(1, MOST / recurrence)
  const known = Math.min(minutes, full)
  const times = Math.log1p(-Math.min(MOST, known * recurrence)) / Math.log1p(-recurrence)
  return known === 0 ? 0 : (times * minutes) / known
}
