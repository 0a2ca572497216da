import {
  type AlignedCounts,
  alignHistograms,
  LogHistogram,
  logEThreshold,
  productLogE,
  quantileRatioLogE,
} from '@dimmer/stats'
import type { EventFacts, StageFacts } from '../facts.ts'
import { slowClustering } from '../judge-latency.ts'
import { hasComparison, type Look, type Reading } from '../look.ts'
import type { LatencyMetric } from '../metrics/metric.ts'
import { countsOf } from '../unit-totals.ts'
import { emptyEvidence, settle } from './settle.ts'

interface Pair {
  readonly treated: LogHistogram
  readonly control: LogHistogram
}

function pairsOf(stages: readonly StageFacts[]): Pair[] {
  return stages.filter(hasComparison).flatMap(({ durations }) => {
    if (!durations) return []
    return [{ treated: LogHistogram.parse(durations.treated), control: LogHistogram.parse(durations.control) }]
  })
}

/** Ratio of the groups' quantiles, the stages weighed by their exposed events. */
function estimateOf(pairs: readonly Pair[], q: number): number | undefined {
  let [top, weight] = [0, 0]
  for (const { treated, control } of pairs) {
    const [t, c] = [treated.quantile(q), control.quantile(q)]
    if (t === undefined || c === undefined || !(t > 0 && c > 0)) continue
    top += treated.count * Math.log(t / c)
    weight += treated.count
  }
  return weight === 0 ? undefined : Math.exp(top / weight)
}

const BUCKET_GROWTH = Math.log(1.01 / 0.99)

/** The exposed group as if it were `shift` buckets faster; what falls off the low end stays in the first bucket. */
function faster(counts: readonly number[], shift: number): number[] {
  const low = counts.slice(0, shift + 1).reduce((sum, count) => sum + count, 0)
  return counts.map((_, index) => (index === 0 ? low : (counts[index + shift] ?? 0)))
}

/**
 * A latency quantile against the comparison group's.
 *
 * Source: `quantileRatioLogE` on 1 % histograms (Howard & Ramdas 2022), stages multiplied. Null: the exposed quantile is not above
 * the others'. Exact for independent events; divided by a design effect for events of one unit, then asymptotic.
 */
export function readLatencyRatio(metric: LatencyMetric, limit: number, look: Look<EventFacts>): Reading {
  const { stages } = look.facts
  const { quantile: q } = metric
  const pairs = pairsOf(stages)
  const phi = slowClustering(stages)
  const shift = Math.floor(Math.log(limit) / BUCKET_GROWTH)
  const logE = (of: (counts: AlignedCounts) => AlignedCounts): number =>
    productLogE(
      pairs.map(({ treated, control }) => quantileRatioLogE(of(alignHistograms(treated, control)), { q, phi }).logE),
    )
  const evidence = {
    ...emptyEvidence(limit, logEThreshold(look.alpha)),
    estimate: estimateOf(pairs, q),
    logE: logE(counts => counts),
    logEOk: logE(({ treated, control }) => ({ treated: control, control: faster(treated, shift) })),
    ...countsOf(stages.filter(hasComparison), unit => unit.slow),
  }
  return settle({ metric, bound: { by: 'ratio', limit }, evidence, behind: evidence.units.treated }, look)
}
