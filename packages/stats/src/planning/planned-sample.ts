import { requireNonNegative, requireOpenProbability, requirePositive } from '../numeric/checks.ts'

/**
 * How much longer than the information bound a rollout takes until the evidence is there: in half of the runs
 * (`median`), in 80 % and in 90 %. Fitted to simulations (ranges 0.9 to 1.4, 1.4 to 2.4, 1.9 to 3.0).
 */
export const planningFactors: Readonly<Record<'median' | 'p80' | 'p90', number>> = { median: 1.1, p80: 1.95, p90: 2.5 }

/** Level of the rule (its share of alpha), planning factor (see `planningFactors`), design effect (default 1). */
export type PlanningOptions = { readonly alpha: number; readonly factor: number; readonly phi?: number }

/** What is to be told apart: true ratio against the limit `r0`, control rate per trial, T's share of the exposure. */
export type RatioPlan = {
  readonly controlRate: number
  readonly ratio: number
  readonly r0: number
  readonly share: number
}

/**
 * Events in both groups, of these in T, and trials (units, requests) needed in T. Not rounded; Infinity when ratio and
 * limit are equal.
 */
export type PlannedRatioSample = { readonly events: number; readonly eventsT: number; readonly exposedTrials: number }

/** `KL(x || y)` of two Bernoulli distributions, in nats; y inside (0, 1). */
function bernoulliDivergence(x: number, y: number): number {
  const term = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b))
  return term(x, y) + term(1 - x, 1 - y)
}

function needed({ alpha, factor, phi = 1 }: PlanningOptions, divergence: number): number {
  requireOpenProbability('alpha', alpha)
  requirePositive('planning factor', factor)
  requirePositive('design effect phi', phi)
  return divergence <= 0 ? Infinity : (phi * factor * Math.log(1 / alpha)) / divergence
}

/**
 * Events and exposed trials until `ratioLogE` (or the log-rank test) can tell a true ratio from the limit r0: harm when
 * ratio > r0, exclusion of r0 ("safe to expand") when ratio < r0.
 *
 * Source: Wald's information bound, `log(1/alpha) / KL(th1 || th0)` events, times a fitted factor. An approximation for
 * planning (some 20 %), not a guarantee.
 * Throws a RangeError on rates or shares outside (0, 1) or ratios not above 0.
 */
export function plannedRatioSample(plan: RatioPlan, options: PlanningOptions): PlannedRatioSample {
  const { controlRate, ratio, r0, share } = plan
  requireOpenProbability('control rate', controlRate)
  requireOpenProbability('share', share)
  requirePositive('ratio', ratio)
  requirePositive('limit r0', r0)
  const shareOfEvents = (r: number): number => (r * share) / (r * share + 1 - share)
  const events = needed(options, bernoulliDivergence(shareOfEvents(ratio), shareOfEvents(r0)))
  const eventsT = events * shareOfEvents(ratio)
  return { events, eventsT, exposedTrials: eventsT / (ratio * controlRate) }
}

/**
 * Trials until `rateLogE` can tell a true rate from an absolute limit, in either direction. Infinity when they are
 * equal.
 *
 * Source and accuracy as in `plannedRatioSample`. The limit must lie inside (0, 1), the rate in [0, 1].
 */
export function plannedRateSample(rate: number, limit: number, options: PlanningOptions): number {
  requireNonNegative('rate', rate)
  if (rate > 1) throw new RangeError(`rate must be at most 1, got ${rate}`)
  requireOpenProbability('limit', limit)
  return needed(options, bernoulliDivergence(rate, limit))
}
