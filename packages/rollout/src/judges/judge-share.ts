import {
  averageLogE,
  betaBinomialLogE,
  type Direction,
  differenceLogE,
  logEThreshold,
  rateBounds,
  rateLogE,
  ratioBounds,
  ratioEstimate,
  ratioLogE,
} from '@dimmer/stats'
import type { OutcomeFact, OutcomeFacts } from '../facts.ts'
import type { Look, Reading } from '../look.ts'
import type { MetricDefinition } from '../metrics/metric.ts'
import { comparedStages, matureTreated, outcomeSlices, shareRange, sums } from './mature-outcomes.ts'
import { emptyEvidence, settle } from './settle.ts'

/** The direction of evidence that the metric is worse than a bound, and that it is better. */
export const harmful = ({ worse }: Pick<MetricDefinition, 'worse'>): Direction => (worse === 'higher' ? 'up' : 'down')
export const harmless = ({ worse }: Pick<MetricDefinition, 'worse'>): Direction => (worse === 'higher' ? 'down' : 'up')

/** With a few units the closed form is stronger, with many the grid: half of the wealth on each. */
const FEW_UNITS = 10

function shareLogE(k: number, n: number, test: { limit: number; direction: Direction }): number {
  const { limit, direction } = test
  const grid = rateLogE([{ k, n }], limit, { direction })
  return averageLogE([grid, betaBinomialLogE({ k, n }, limit, { nOpt: FEW_UNITS, side: direction })])
}

const hits = (units: readonly OutcomeFact[]): number => units.reduce((sum, { value }) => sum + value, 0)

/**
 * A share of exposed units against a limit: adoption, activation, conversion, retention, reversal. One count per unit, once
 * its window is over.
 *
 * Source: tilt and beta-binomial e-processes (Howard et al. 2021), averaged. Null: the share is on the good side of the
 * limit. Exact for independent units. If the comparison group, where it does the same thing at all, breaks the limit too, it
 * is no breach.
 */
export function readShare(metric: MetricDefinition, limit: number, look: Look<OutcomeFacts>): Reading {
  const treated = matureTreated(look.facts, look.at)
  const control = comparedStages(look.facts, look.at).flatMap(({ units }) =>
    units.filter(({ arm }) => arm === 'control'),
  )
  const [k, n] = [hits(treated), treated.length]
  const breachAt = logEThreshold(look.alpha)
  const harm = (of: readonly OutcomeFact[]): number =>
    shareLogE(hits(of), of.length, { limit, direction: harmful(metric) })
  const bounds = n > 0 ? rateBounds([{ k, n }], look.alpha) : undefined
  const evidence = {
    ...emptyEvidence(limit, breachAt),
    ...(n > 0 && { estimate: k / n }),
    ...bounds,
    logE: harm(treated),
    logEOk: shareLogE(k, n, { limit, direction: harmless(metric) }),
    units: { treated: n, control: control.length },
    unitsHit: { treated: k, control: hits(control) },
  }
  const common = hits(control) > 0 && harm(control) >= breachAt
  const behind = metric.worse === 'higher' ? k : n - k
  return settle({ metric, bound: { by: 'value', limit }, evidence, behind, common }, look)
}

/**
 * A share of units against the comparison group's.
 *
 * Source: harm by inverse probability weighting with betting (Waudby-Smith & Ramdas 2024; see `differenceLogE`); null: no
 * unit's outcome is changed for the worse on average; exact for known shares. Bounds and ok by the conditional ratio test
 * (`ratioLogE`), which is conservative for frequent outcomes.
 */
export function readShareRatio(metric: MetricDefinition, limit: number, look: Look<OutcomeFacts>): Reading {
  const stages = comparedStages(look.facts, look.at)
  const slices = outcomeSlices(stages)
  const units = stages.flatMap(stage => stage.units)
  const assigned = stages.flatMap(({ units: own, share }) =>
    own.map(({ value, arm }) => ({ x: value, treated: arm === 'treated', share })),
  )
  const shares = shareRange(look.plan)
  const { lower, upper } = ratioBounds(slices, look.alpha)
  const unitsHit = sums(units, unit => unit.value)
  const counted = sums(units, () => 1)
  const evidence = {
    ...emptyEvidence(limit, logEThreshold(look.alpha)),
    estimate: finite(ratioEstimate(slices)),
    lower,
    upper: upper ?? undefined,
    logE: assigned.length === 0 ? 0 : differenceLogE(assigned, { direction: harmful(metric), shares }),
    logEOk: ratioLogE(slices, { r0: limit, direction: harmless(metric) }),
    units: counted,
    unitsHit,
  }
  const behind = metric.worse === 'higher' ? unitsHit.treated : counted.treated
  return settle({ metric, bound: { by: 'ratio', limit }, evidence, behind }, look)
}

/** What is neither missing nor infinite. */
export function finite(x: number | null): number | undefined {
  return x !== null && Number.isFinite(x) ? x : undefined
}
