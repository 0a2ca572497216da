import { requireOpenProbability, requirePositive } from '../numeric/checks.ts'
import type { Sides } from './normal-mixture.ts'

/** Standard error of the estimate, units of both groups, and the number of units at which it is to be tightest. */
export type SequentialSample = { readonly se: number; readonly n: number; readonly tightestAt: number }

/**
 * Half width of the asymptotic confidence sequence as GrowthBook computes it for safe rollouts (tightest at 5,000
 * units): here to compare with, in benchmarks and for people who know those numbers.
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, AoS 52:2613 (arXiv 2103.06476). Null: the estimated mean
 * is the value in question. Asymptotic; 27 to 40 % false alarms at alpha 5 % with 5 % exposed and skewed revenue.
 */
export function sequentialHalfWidth(sample: SequentialSample, alpha: number, sides: Sides): number {
  const { se, n, tightestAt } = sample
  requirePositive('standard error', se)
  requirePositive('units n', n)
  requirePositive('tightestAt', tightestAt)
  const level = sides === 'one' ? 2 * alpha : alpha
  requireOpenProbability(sides === 'one' ? 'twice alpha' : 'alpha', level)
  const logLevel = -2 * Math.log(level)
  const squaredRho = (logLevel + Math.log(logLevel + 1)) / tightestAt
  const scaled = n * squaredRho + 1
  const logTerm = sides === 'one' ? Math.log1p(Math.sqrt(scaled) / level) : Math.log(Math.sqrt(scaled) / level)
  return se * Math.sqrt(((2 * scaled) / (n * squaredRho)) * logTerm)
}
