import { eventsOf, isDefined, type MetricChoice } from './metrics/metric.ts'
import { defineMetric } from './metrics/metric-catalogue.ts'
import type { Guardrail, Limit } from './plan.ts'

/** A guardrail of any kind as a metric with its limit: the two short kinds are written out. */
export function metricOf(guardrail: Guardrail): { readonly metric: MetricChoice; readonly limit: Limit } {
  switch (guardrail.kind) {
    case 'error-rate': {
      const { id: key, event, maxRatio } = guardrail
      return { metric: defineMetric({ kind: 'error-rate', key, event }), limit: { ratio: maxRatio } }
    }
    case 'latency': {
      const { id: key, event, quantile, maxMs } = guardrail
      return { metric: defineMetric({ kind: 'latency', key, event, quantile }), limit: { value: maxMs } }
    }
    case 'metric':
      return guardrail
  }
}

/** The names of the events that a guardrail is measured on; none for Prometheus, nor while its metric is not defined. */
export function eventsJudged(guardrail: Guardrail): readonly string[] {
  const { metric } = metricOf(guardrail)
  return isDefined(metric) ? eventsOf(metric) : []
}
