import { stratifiedMean } from '@dimmer/stats'
import type { ArmOutcome } from './experiment.ts'

/** One arm's outcomes as they are compared. */
interface Moments {
  readonly n: number
  /** Sum of values over sum of denominators. */
  readonly mean: number
  /** Squared standard error of the mean. */
  readonly variance: number
}

export interface Comparison {
  readonly units: number
  readonly estimate: number | undefined
  readonly baseline: number | undefined
  readonly lift: number | undefined
  readonly lower: number | undefined
  readonly upper: number | undefined
  readonly logE: number
  readonly explained: number
}

export interface CompareOptions {
  readonly alpha: number
  readonly smallestLift: number
  /** Values above count as this. */
  readonly cap: number
}

/** From so many units per arm on, an asymptotic interval is trusted. */
const ENOUGH = 100

interface Slope {
  readonly theta: number
  readonly meanBefore: number
  readonly explained: number
}

const total = (units: readonly ArmOutcome[], amount: (unit: ArmOutcome) => number): number =>
  units.reduce((sum, unit) => sum + amount(unit), 0)

/** Regression of outcomes on history over both arms together, if all of them have one. */
function slopeOf(units: readonly ArmOutcome[], cap: number): Slope | undefined {
  if (units.length < ENOUGH || units.some(({ before, per }) => before === undefined || per !== undefined))
    return undefined
  const y = ({ value }: ArmOutcome): number => Math.min(value, cap)
  const x = ({ before = 0 }: ArmOutcome): number => Math.min(before, cap)
  const [meanY, meanX] = [total(units, y) / units.length, total(units, x) / units.length]
  const xx = total(units, unit => (x(unit) - meanX) ** 2)
  const xy = total(units, unit => (x(unit) - meanX) * (y(unit) - meanY))
  const yy = total(units, unit => (y(unit) - meanY) ** 2)
  if (!(xx > 0 && yy > 0)) return undefined
  return { theta: xy / xx, meanBefore: meanX, explained: xy ** 2 / (xx * yy) }
}

function momentsOf(units: readonly ArmOutcome[], cap: number, slope: Slope | undefined): Moments | undefined {
  const n = units.length
  const x = total(units, unit => unit.per ?? 1)
  if (n < 2 || !(x > 0)) return undefined
  const adjusted = ({ value, before = 0 }: ArmOutcome): number =>
    Math.min(value, cap) - (slope ? slope.theta * (Math.min(before, cap) - slope.meanBefore) : 0)
  const mean = total(units, adjusted) / x
  const squares = total(units, unit => (adjusted(unit) - mean * (unit.per ?? 1)) ** 2)
  return { n, mean, variance: ((n / (n - 1)) * squares) / x ** 2 }
}

/**
 * One arm against the baseline: relative lift with an always-valid interval, each side at alpha / 2.
 *
 * Source: delta method for the log of the ratio of two means (Deng, Knoblich, Lu, KDD 2018); CUPED (Deng, Xu, Kohavi, Walker
 * 2013) where every unit has a history; asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024;
 * `stratifiedMean`). Null of the evidence: the means are equal. Asymptotic throughout, from 100 units per arm; below there
 * is no interval. For reading, never for a roll-back.
 */
export function compareArms(
  treated: readonly ArmOutcome[],
  control: readonly ArmOutcome[],
  { alpha, smallestLift, cap }: CompareOptions,
): Comparison {
  const slope = slopeOf([...treated, ...control], cap)
  const [t, c] = [momentsOf(treated, cap, slope), momentsOf(control, cap, slope)]
  const known = { units: treated.length, estimate: t?.mean, baseline: c?.mean, explained: slope?.explained ?? 0 }
  const none = { ...known, lower: undefined, upper: undefined, logE: 0 }
  if (!t || !c || !(c.mean > 0)) return { ...none, lift: undefined }
  const lift = t.mean / c.mean - 1
  const se = Math.sqrt(t.variance / t.mean ** 2 + c.variance / c.mean ** 2)
  if (t.n < ENOUGH || c.n < ENOUGH || !(t.mean > 0 && se > 0)) return { ...none, lift }
  const options = { alpha: alpha / 2, smallestEffect: Math.log1p(smallestLift) }
  const found = stratifiedMean([{ estimate: Math.log(t.mean / c.mean), se }], options)
  if (!found) return { ...none, lift }
  // Two one-sided tests: half of the wealth on each.
  const logE = Math.max(found.logEUp, found.logEDown) - Math.LN2
  return { ...known, lift, lower: Math.expm1(found.lower), upper: Math.expm1(found.upper), logE }
}
