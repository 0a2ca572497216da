import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from './query-keys.ts'

export const segmentsQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.segments(project), queryFn: () => api.listSegments(project) })

/** What accounts and users are known by. It grows, and no live event tells. */
export const attributesQuery = (api: AdminClient, project: string) =>
  queryOptions({
    queryKey: queryKeys.attributes(project),
    queryFn: () => api.listAttributes(project),
    staleTime: 60_000,
  })
