import { logEThreshold, rateLogE } from '@dimmer/stats'
import type { Sample, SampleFacts } from '../facts.ts'
import type { Look, Reading } from '../look.ts'
import type { ExternalMetric } from '../metrics/metric.ts'
import { type Bound, emptyEvidence, isBeyond, settle } from './settle.ts'

/** Each group's number, or their ratio, in one window; undefined where it cannot be told. */
function inWindow({ treated, control }: Sample, by: Bound['by']): number | undefined {
  if (by === 'value') return treated
  return control === undefined || !(control > 0) ? undefined : treated / control
}

function middle(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

const EVEN = 0.5

/**
 * A number per group from elsewhere, window by window: how many windows are beyond the limit?
 *
 * Source: sign test as an e-process (`rateLogE` against one half). Null: in each window, given the earlier ones, the number is
 * beyond the limit with a chance of at most one half. Exact under that null, which windows that depend on each other break:
 * use windows longer than a spike. Whoever made the numbers knows their units; here none are known, so it takes at least
 * two windows. A comparison group that is beyond the limit in most windows too is no breach.
 */
export function readExternal(metric: ExternalMetric, bound: Bound, look: Look<SampleFacts>): Reading {
  const { limit, by } = bound
  const beyond = (values: readonly number[]): number => values.filter(value => isBeyond(metric, value, limit)).length
  const seen = look.facts.samples.filter(({ at }) => at <= look.at)
  const values = seen.flatMap(sample => inWindow(sample, by) ?? [])
  const others = by === 'value' ? seen.flatMap(({ control }) => control ?? []) : []
  const breachAt = logEThreshold(look.alpha)
  const logE = (of: readonly number[], direction: 'up' | 'down'): number =>
    rateLogE([{ k: beyond(of), n: of.length }], EVEN, { direction })
  const evidence = {
    ...emptyEvidence(limit, breachAt),
    estimate: middle(values),
    logE: logE(values, 'up'),
    logEOk: logE(values, 'down'),
    events: { treated: values.length, control: others.length },
    eventsHit: { treated: beyond(values), control: beyond(others) },
  }
  const common = logE(others, 'up') >= breachAt
  const patience = `${beyond(values)} of ${values.length} windows are beyond it: too few to tell.`
  return settle({ metric, bound, evidence, behind: beyond(values), common, patience }, look)
}
