import { enc, query, type Send } from '../admin-sender.ts'
import type { EventTraffic, MetricDetails, MetricView, PutMetric } from '../library-messages.ts'

export const metricCalls = (send: Send) => {
  const at = (project: string, metric: string) => `/projects/${enc(project)}/metrics/${enc(metric)}`
  return {
    /** The library of a project; with an environment, also how the events arrive there. */
    listMetrics: (project: string, part: { environment?: string } = {}) =>
      send<readonly MetricView[]>('GET', `/projects/${enc(project)}/metrics${query(part)}`),
    getMetric: (project: string, metric: string, part: { environment?: string } = {}) =>
      send<MetricDetails>('GET', `${at(project, metric)}${query(part)}`),
    /** Makes a metric, or its next version. What is the same already stays the version it is. */
    putMetric: (project: string, metric: string, parts: PutMetric) =>
      send<MetricDetails>('PUT', at(project, metric), parts),
    deleteMetric: (project: string, metric: string) => send<void>('DELETE', at(project, metric)),
    /** How much of an event arrives for a unit, to plan how long evidence takes. */
    eventTraffic: (project: string, environment: string, of: { event: string; unit: string }) =>
      send<EventTraffic>(
        'GET',
        `/projects/${enc(project)}/environments/${enc(environment)}/events/traffic${query({ ...of })}`,
      ),
  }
}
