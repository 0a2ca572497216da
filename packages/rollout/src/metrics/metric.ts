/** What is measured, as data: versioned definitions over exposures and signals. Durations are ISO 8601 ("PT48H"). */
import type { UnitName } from '@dimmer/engine'

/** Which way is bad. */
export type Worse = 'higher' | 'lower'

interface MetricBase {
  /** Names the metric; a change of meaning is a new version. */
  readonly key: string
  /** Whole, from 1 up. A rollout that has started keeps the definition it started with. */
  readonly version: number
  readonly name: string
  readonly worse: Worse
  /** The unit it speaks about ("revenue per account"). Absent: whatever the rollout counts. */
  readonly unit?: UnitName
}

/** Failed events (`ok: false`), counted by unit and time, so that one unit's many failures are one. */
export interface ErrorRateMetric extends MetricBase {
  readonly kind: 'error-rate'
  readonly event: string
}

/** A quantile of the events' durations in ms, 0.5 to 0.999. */
export interface LatencyMetric extends MetricBase {
  readonly kind: 'latency'
  readonly event: string
  readonly quantile: number
}

/** Share of units with at least one event within the window after their first exposure. */
export interface ReachedMetric extends MetricBase {
  readonly kind: 'adoption' | 'activation' | 'conversion'
  readonly event: string
  readonly within: string
}

/** Of the units that used it: the share that did not use it again within the window after their first use. */
export interface ReversalMetric extends MetricBase {
  readonly kind: 'reversal'
  readonly event: string
  readonly within: string
}

/** Share of exposed units with an event in the window that begins `after` the first exposure and lasts `within`. */
export interface RetentionMetric extends MetricBase {
  readonly kind: 'retention'
  readonly event: string
  readonly after: string
  readonly within: string
}

/** Number of events (tickets) per unit in a period of length `per`. Counted from the first exposure on, no window. */
export interface TicketsMetric extends MetricBase {
  readonly kind: 'tickets'
  readonly event: string
  readonly per: string
}

/** Mean of a bounded score per unit, over the window; units without a score are left out. */
export interface SentimentMetric extends MetricBase {
  readonly kind: 'sentiment'
  readonly event: string
  readonly within: string
  readonly lowest: number
  readonly highest: number
}

/** What is added up per unit: the events themselves, their `value` or their `ms`. */
export type EventField = 'count' | 'value' | 'ms'

/** Sum per unit over the window, 0 for units without an event. `revenue` may have any tail; values above `cap` count as `cap`. */
export interface SumMetric extends MetricBase {
  readonly kind: 'revenue' | 'mean'
  readonly event: string
  readonly field: EventField
  readonly within: string
  /** Largest value one unit may bring in. Needed for a limit in absolute terms. */
  readonly cap?: number
}

export interface EventSum {
  readonly event: string
  readonly field: EventField
}

/** Sum of the numerator over sum of the denominator, within the window; a unit counts once, however many events it has. */
export interface RatioMetric extends MetricBase {
  readonly kind: 'ratio'
  readonly numerator: EventSum
  readonly denominator: EventSum
  readonly within: string
}

/** A number per group from Prometheus: the query has `{{variant}}` or `{{group}}` in it. Read every `every`. */
export interface ExternalMetric extends MetricBase {
  readonly kind: 'external'
  readonly query: string
  /** Width of the windows that are compared; should be at least the range in the query. */
  readonly every: string
}

export type MetricDefinition =
  | ErrorRateMetric
  | LatencyMetric
  | ReachedMetric
  | ReversalMetric
  | RetentionMetric
  | TicketsMetric
  | SentimentMetric
  | SumMetric
  | RatioMetric
  | ExternalMetric

export type MetricKind = MetricDefinition['kind']

/** A metric of the project's library. It is looked up when the rollout is made, and the definition is kept in the plan. */
export interface MetricReference {
  readonly key: string
  /** Absent: the newest. */
  readonly version?: number
}

/** A metric as a plan names it: written out, or by key. */
export type MetricChoice = MetricDefinition | MetricReference

/** Whether the metric is written out. */
export function isDefined(metric: MetricChoice): metric is MetricDefinition {
  return 'kind' in metric
}

/** For people, of a reference that leads nowhere. */
export const noSuchMetric = ({ key, version }: MetricReference): string =>
  `There is no metric "${key}"${version === undefined ? '' : ` version ${version}`} in this project.`

/** The names of all events a metric is measured on; none for what comes from Prometheus. */
export function eventsOf(metric: MetricDefinition): readonly string[] {
  switch (metric.kind) {
    case 'external':
      return []
    case 'ratio':
      return [...new Set([metric.numerator.event, metric.denominator.event])]
    default:
      return [metric.event]
  }
}
