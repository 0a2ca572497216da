import { requireOpenProbability } from '../numeric/checks.ts'
import { findRoot } from '../numeric/find-root.ts'
import type { Direction } from './tilt.ts'

/** Ends of the set of parameters not rejected; null where it is open. */
export type ParameterBounds = { readonly lower: number | null; readonly upper: number | null }

/**
 * All values of a parameter that the evidence has not rejected at level alpha (`E < 1/alpha`), each side on its own.
 * The parameter runs from `-farthest` to `farthest` (take its logarithm or logit); 'up' evidence must fall with it,
 * 'down' evidence rise.
 *
 * Source: inversion of an e-process gives a confidence sequence (Howard et al. 2021, AoS 49:1055). Exact when the
 * evidence is.
 */
export function invertEvidence(
  logE: (parameter: number, direction: Direction) => number,
  alpha: number,
  farthest: number,
): ParameterBounds {
  requireOpenProbability('alpha', alpha)
  const threshold = Math.log(1 / alpha)
  const crossing = (direction: Direction): number =>
    findRoot(parameter => logE(parameter, direction) - threshold, -farthest, farthest)
  return {
    lower: logE(-farthest, 'up') < threshold ? null : crossing('up'),
    upper: logE(farthest, 'down') < threshold ? null : crossing('down'),
  }
}
