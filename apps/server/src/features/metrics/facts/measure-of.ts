import { type Limit, type MetricDefinition, parseDuration } from '@dimmer/rollout'
import type { Measure } from './fact-subject.ts'

/** Durations of a plan that was accepted are readable. */
const msOf = (duration: string): number => parseDuration(duration) ?? 0

/** What the measures of most metrics have in common: every event from the first exposure on. */
const every = (event: string): Measure => ({
  of: { event, field: 'count' },
  slowMs: Number.MAX_VALUE,
  timedOnly: false,
  afterMs: 0,
  withinMs: null,
  endsWithStage: false,
  runs: false,
  minutes: false,
  durations: false,
  sumsBefore: false,
})

/** No event has it. */
const NO_NAME = ''

/**
 * Which events a metric counts, and how: none of those whose numbers come from elsewhere. What takes more than counting is
 * kept only where a limit relates to the comparison group, which needs it.
 */
export function measureOf(metric: MetricDefinition, limit: Limit): Measure {
  const compared = limit.ratio !== undefined
  switch (metric.kind) {
    case 'external':
      return every(NO_NAME)
    case 'error-rate':
      return { ...every(metric.event), endsWithStage: true, runs: true, minutes: compared }
    case 'latency':
      return {
        ...every(metric.event),
        endsWithStage: true,
        timedOnly: true,
        slowMs: limit.value ?? Number.MAX_VALUE,
        durations: compared,
      }
    case 'tickets':
      return { ...every(metric.event), endsWithStage: true }
    case 'reversal':
      return every(metric.event)
    case 'retention':
      return { ...every(metric.event), afterMs: msOf(metric.after), withinMs: msOf(metric.within) }
    case 'sentiment':
      return { ...every(metric.event), of: { event: metric.event, field: 'value' }, withinMs: msOf(metric.within) }
    case 'revenue':
    case 'mean':
      return {
        ...every(metric.event),
        of: { event: metric.event, field: metric.field },
        withinMs: msOf(metric.within),
        sumsBefore: compared,
      }
    case 'ratio': {
      const { numerator, denominator, within } = metric
      const sums = { of: numerator, per: denominator, withinMs: msOf(within) }
      return { ...every(numerator.event), ...sums, sumsBefore: compared }
    }
    default:
      return { ...every(metric.event), withinMs: msOf(metric.within) }
  }
}
