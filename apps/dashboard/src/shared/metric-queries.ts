import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from './query-keys.ts'

/** Events arrive all the time, and no live event tells. */
const REFRESH_MS = 15_000

/** The library of a project, with the health of each metric in one environment. */
export const metricsQuery = (api: AdminClient, project: string, environment: string) =>
  queryOptions({
    queryKey: [...queryKeys.metrics(project), { environment }],
    queryFn: () => api.listMetrics(project, { environment }),
    refetchInterval: REFRESH_MS,
  })

export const metricQuery = (
  api: AdminClient,
  { project, metric, environment }: { readonly project: string; readonly metric: string; readonly environment: string },
) =>
  queryOptions({
    queryKey: [...queryKeys.metrics(project), metric, { environment }],
    queryFn: () => api.getMetric(project, metric, { environment }),
    refetchInterval: REFRESH_MS,
  })

/** The names of the events that arrive in an environment, each once. */
export const eventNamesQuery = (api: AdminClient, project: string, environment: string) =>
  queryOptions({
    queryKey: [...queryKeys.environment(project, environment), 'event-names'],
    queryFn: async () => [...new Set((await api.eventHealth(project, environment)).names.map(({ name }) => name))],
    staleTime: 60_000,
  })

/** How much of an event arrives for a unit. */
export const trafficQuery = (
  api: AdminClient,
  { project, environment }: { readonly project: string; readonly environment: string },
  of: { readonly event: string; readonly unit: string },
) =>
  queryOptions({
    queryKey: [...queryKeys.environment(project, environment), 'traffic', of],
    queryFn: () => api.eventTraffic(project, environment, of),
    staleTime: 60_000,
  })
