import {
  boundedMeanLogE,
  labelBettingLogE,
  logEThreshold,
  ratioEstimate,
  type StratumEstimate,
  stratifiedMean,
} from '@dimmer/stats'
import type { Arm, OutcomeFact, OutcomeFacts } from '../facts.ts'
import type { Look, Reading } from '../look.ts'
import type { MetricDefinition } from '../metrics/metric.ts'
import { finite, harmful, harmless } from './judge-share.ts'
import { comparedStages, type MatureStage, matureTreated, outcomeSlices, sums } from './mature-outcomes.ts'
import { scoredUnits } from './scores.ts'
import { emptyEvidence, settle } from './settle.ts'

/** From so many matured units per group on, an asymptotic interval may be shown. */
const ENOUGH_FOR_BOUNDS = 100

/** Log of mean T over mean C in one stage, by the delta method; undefined with too few units or a mean that is not positive. */
function logRatio({ units }: MatureStage): StratumEstimate | undefined {
  const of = (arm: Arm): { log: number; variance: number } | undefined => {
    const own = units.filter(unit => unit.arm === arm)
    const [y, x] = [total(own, unit => unit.value), total(own, unit => unit.per ?? 1)]
    if (own.length < ENOUGH_FOR_BOUNDS || !(y > 0 && x > 0)) return undefined
    const squares = total(own, unit => (unit.value - (y / x) * (unit.per ?? 1)) ** 2)
    return { log: Math.log(y / x), variance: squares / y ** 2 }
  }
  const [treated, control] = [of('treated'), of('control')]
  if (!treated || !control) return undefined
  const se = Math.sqrt(treated.variance + control.variance)
  return se > 0 ? { estimate: treated.log - control.log, se } : undefined
}

const total = (units: readonly OutcomeFact[], amount: (unit: OutcomeFact) => number): number =>
  units.reduce((sum, unit) => sum + amount(unit), 0)

/** Bounds of the ratio for people, and evidence that it is on the good side of the limit. Asymptotic. */
function ratioInterval(
  stages: readonly MatureStage[],
  at: { alpha: number; limit: number; worse: MetricDefinition['worse'] },
): { lower: number | undefined; upper: number | undefined; logEOk: number } {
  const strata = stages.flatMap(stage => logRatio(stage) ?? [])
  const options = { alpha: at.alpha, nullValue: Math.log(at.limit), smallestEffect: 0.1 }
  const found = stratifiedMean(strata, options)
  if (!found) return { lower: undefined, upper: undefined, logEOk: 0 }
  const logEOk = at.worse === 'higher' ? found.logEDown : found.logEUp
  return { lower: Math.exp(found.lower), upper: Math.exp(found.upper), logEOk }
}

/**
 * Revenue, means and ratios per unit against the comparison group.
 *
 * Source: harm by label betting (`labelBettingLogE`, `scoredUnits`); null: exposure changes nobody's outcome (sharp); exact by
 * the randomisation, however heavy the tails. Bounds, and what is excluded before expanding, by an asymptotic confidence
 * sequence (`stratifiedMean`) from 100 matured units per group and stage on: for the eye and for caution, never for a
 * roll-back.
 */
export function readMeanRatio(metric: MetricDefinition, limit: number, look: Look<OutcomeFacts>): Reading {
  const stages = comparedStages(look.facts, look.at)
  const units = stages.flatMap(stage => stage.units)
  const counted = sums(units, () => 1)
  const evidence = {
    ...emptyEvidence(limit, logEThreshold(look.alpha)),
    estimate: finite(ratioEstimate(outcomeSlices(stages))),
    ...ratioInterval(stages, { alpha: look.alpha, limit, worse: metric.worse }),
    logE: labelBettingLogE(scoredUnits(metric, stages, look.facts.history)),
    units: counted,
    unitsHit: sums(units, unit => (unit.value === 0 ? 0 : 1)),
  }
  const patience = 'Too little so far to tell; money and means need many units.'
  return settle({ metric, bound: { by: 'ratio', limit }, evidence, behind: counted.treated, patience }, look)
}

/** The range of one unit's value: of a score, or from 0 to the cap. */
function rangeOf(metric: MetricDefinition): { readonly lowest: number; readonly highest: number } {
  if (metric.kind === 'sentiment') return metric
  if ('cap' in metric && metric.cap !== undefined) return { lowest: 0, highest: metric.cap }
  throw new RangeError(`"${metric.name}" has no range: a limit in its own measure needs a cap`)
}

/**
 * A bounded mean of exposed units against a limit: sentiment, revenue and means with a cap.
 *
 * Source: `boundedMeanLogE` (Waudby-Smith & Ramdas 2024). Null: each unit's value has a mean on the good side of the limit.
 * Exact, whatever the distribution. A comparison group that breaks the limit too is no breach.
 */
export function readMean(metric: MetricDefinition, limit: number, look: Look<OutcomeFacts>): Reading {
  const { lowest, highest } = rangeOf(metric)
  const scaled = ({ value }: OutcomeFact): number =>
    (Math.min(highest, Math.max(lowest, value)) - lowest) / (highest - lowest)
  const treated = matureTreated(look.facts, look.at)
  const control = comparedStages(look.facts, look.at).flatMap(({ units }) =>
    units.filter(({ arm }) => arm === 'control'),
  )
  const breachAt = logEThreshold(look.alpha)
  const logE = (units: readonly OutcomeFact[], direction: 'up' | 'down'): number =>
    boundedMeanLogE(units.map(scaled), { limit: (limit - lowest) / (highest - lowest), direction })
  const mean = total(treated, scaled) / treated.length
  const evidence = {
    ...emptyEvidence(limit, breachAt),
    estimate: treated.length === 0 ? undefined : lowest + mean * (highest - lowest),
    logE: logE(treated, harmful(metric)),
    logEOk: logE(treated, harmless(metric)),
    units: { treated: treated.length, control: control.length },
  }
  const common = logE(control, harmful(metric)) >= breachAt
  return settle({ metric, bound: { by: 'value', limit }, evidence, behind: treated.length, common }, look)
}
