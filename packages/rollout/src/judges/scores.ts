import type { ScoredUnit } from '@dimmer/stats'
import type { OutcomeFact, OutcomeFacts } from '../facts.ts'
import type { MetricDefinition } from '../metrics/metric.ts'
import type { MatureStage } from './mature-outcomes.ts'

/** Sums over the units seen so far, of both groups: what a score may know when the next unit comes. */
interface Pool {
  readonly n: number
  readonly y: number
  readonly per: number
  readonly x: number
  readonly xx: number
  readonly xy: number
  /** Squared residuals. */
  readonly spread: number
}

const EMPTY: Pool = { n: 0, y: 0, per: 0, x: 0, xx: 0, xy: 0, spread: 0 }

/** With fewer units before it a unit is not bet on, unless history says how values vary. */
const LEARN_FROM = 20

/** Of a unit, what its history and the units before it lead to expect (CUPED where there is history). */
function expected(
  { n, y, per, x, xx, xy }: Pool,
  unit: { readonly per: number; readonly before: number | undefined },
): number {
  if (n === 0) return 0
  const level = (y / Math.max(per, 1e-12)) * unit.per
  const variance = xx / n - (x / n) ** 2
  if (unit.before === undefined || n < LEARN_FROM || !(variance > 0)) return level
  const slope = (xy / n - (x / n) * (y / n)) / variance
  return level + slope * (unit.before - x / n)
}

function plus(pool: Pool, unit: { y: number; per: number; before: number | undefined; residual: number }): Pool {
  const { y, per, before: x = pool.n === 0 ? 0 : pool.x / pool.n, residual } = unit
  return {
    n: pool.n + 1,
    y: pool.y + y,
    per: pool.per + per,
    x: pool.x + x,
    xx: pool.xx + x * x,
    xy: pool.xy + x * y,
    spread: pool.spread + residual ** 2,
  }
}

/** In the order in which their windows end; the same facts give the same order. */
const inOrder = (a: OutcomeFact, b: OutcomeFact): number =>
  a.maturesAt - b.maturesAt || (a.unitId < b.unitId ? -1 : a.unitId > b.unitId ? 1 : 0)

/**
 * Scores for label betting, larger is worse: how far a unit lies from what the units before it, of both groups, lead to
 * expect, in standard deviations. Values are cut off at the metric's cap, or else at the 99 % quantile of the history.
 *
 * Source: STATS of label betting (Duan, Ramdas, Wasserman 2022) with regression on history (CUPED; Deng, Xu, Kohavi, Walker
 * 2013). A score depends on its unit's outcome and on earlier units only, never on its own group: so the bets are exact.
 */
export function scoredUnits(
  metric: MetricDefinition,
  stages: readonly MatureStage[],
  history: OutcomeFacts['history'],
): ScoredUnit[] {
  const cap = ('cap' in metric ? metric.cap : undefined) ?? history?.p99 ?? Infinity
  const sign = metric.worse === 'higher' ? 1 : -1
  let pool = EMPTY
  const all = stages.flatMap(({ units, share }) => units.map(unit => ({ unit, share })))
  all.sort((a, b) => inOrder(a.unit, b.unit))
  return all.map(({ unit, share }) => {
    const { value, per = 1, before } = unit
    const y = Math.min(value, cap)
    const known = before === undefined ? undefined : Math.min(before, cap)
    const residual = y - expected(pool, { per, before: known })
    const sd = pool.n >= LEARN_FROM ? Math.sqrt(pool.spread / pool.n) : (history?.sd ?? 0)
    pool = plus(pool, { y, per, before: known, residual: pool.n === 0 ? 0 : residual })
    const treated = unit.arm === 'treated'
    return { score: sd > 0 ? (sign * residual) / sd : 0, treated, share }
  })
}
