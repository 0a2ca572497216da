import { requireOpenProbability, requirePositive } from '../numeric/checks.ts'
import { findRoot } from '../numeric/find-root.ts'
import { logScaledNormalCdf } from '../numeric/log-normal-tail.ts'

/** 'one': evidence for a positive drift only; 'both': for either sign. */
export type Sides = 'one' | 'both'

/**
 * A sum with drift under the alternative, and its variance so far (information scale: (estimate - null) / se^2 and 1 /
 * se^2).
 */
export type DriftedSum = { readonly sum: number; readonly variance: number }

/**
 * The mixture's precision that makes the boundary tightest when the variance is `bestAt`; to be fixed before looking.
 */
export function mixturePrecision(bestAt: number, alpha: number, sides: Sides): number {
  requirePositive('variance to be tightest at', bestAt)
  const level = sides === 'one' ? 2 * alpha : alpha
  requireOpenProbability(sides === 'one' ? 'twice alpha' : 'alpha', level)
  const logLevel = Math.log(1 / level)
  return bestAt / (2 * logLevel + Math.log(1 + 2 * logLevel))
}

/**
 * Log E of a sum without (positive) drift, by the normal mixture in closed form; `precision` from `mixturePrecision`.
 *
 * Source: Robbins 1970; Howard et al. 2021, AoS 49:1055, Propositions 5 and 6. Null: drift 0 ('both'), at most 0
 * ('one').
 * Exact for Gaussian or sub-Gaussian increments with this variance; for standardised estimates asymptotic.
 */
export function normalMixtureLogE({ sum, variance }: DriftedSum, precision: number, sides: Sides): number {
  const total = variance + precision
  const start = 0.5 * Math.log(precision / total)
  if (sides === 'both') return start + (sum * sum) / (2 * total)
  return Math.LN2 + start + logScaledNormalCdf(sum / Math.sqrt(total))
}

/** The sum at which `normalMixtureLogE` reaches log(1/alpha) when the variance is this large. */
export function normalMixtureBoundary(
  variance: number,
  precision: number,
  options: { readonly alpha: number; readonly sides: Sides },
): number {
  requireOpenProbability('alpha', options.alpha)
  const total = variance + precision
  const threshold = Math.log(1 / options.alpha)
  const bothSided = Math.sqrt(total * (Math.log(total / precision) + 2 * threshold))
  if (options.sides === 'both') return bothSided
  return findRoot(sum => normalMixtureLogE({ sum, variance }, precision, 'one') - threshold, 0, bothSided)
}
