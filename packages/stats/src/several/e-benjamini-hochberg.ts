import { requireOpenProbability } from '../numeric/checks.ts'

/**
 * e-BH: which of m hypotheses to report with a false discovery rate of at most alpha; indexes, ascending. Rejects the r
 * largest for the largest r with `e_(r) >= m / (alpha r)`. For dashboards and segments, not for automatic actions.
 *
 * Source: Wang & Ramdas 2022, JRSS-B 84:822. Null: of each hypothesis its own. Exact for e-values with any dependence.
 */
export function eBenjaminiHochberg(logEs: readonly number[], alpha: number): number[] {
  requireOpenProbability('alpha', alpha)
  const descending = [...logEs].sort((a, b) => b - a)
  const threshold = (r: number): number => Math.log(logEs.length / (alpha * r))
  const last = descending.findLastIndex((logE, index) => logE >= threshold(index + 1))
  if (last < 0) return []
  const cut = threshold(last + 1)
  return logEs.flatMap((logE, index) => (logE >= cut ? [index] : []))
}
