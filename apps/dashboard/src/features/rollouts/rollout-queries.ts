import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const rolloutsQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.rollouts(project), queryFn: () => api.listRollouts(project) })

export const rolloutQuery = (api: AdminClient, project: string, id: string) =>
  queryOptions({ queryKey: queryKeys.rollout(project, id), queryFn: () => api.getRollout(project, id) })

export const startApprovalsQuery = (api: AdminClient, project: string, id: string) =>
  queryOptions({
    queryKey: queryKeys.startApprovals(project, id),
    queryFn: () => api.rolloutApprovals(project, id),
  })

export const decisionsQuery = (api: AdminClient, project: string, id: string) =>
  queryOptions({ queryKey: queryKeys.decisions(project, id), queryFn: () => api.listDecisions(project, id) })

export const seriesQuery = (api: AdminClient, project: string, id: string) =>
  queryOptions({ queryKey: queryKeys.series(project, id), queryFn: () => api.rolloutSeries(project, id) })
