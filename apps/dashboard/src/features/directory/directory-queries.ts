import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const privateAttributesQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.privateAttributes(project), queryFn: () => api.privateAttributes(project) })

/** It changes only when the server starts anew. */
export const retentionQuery = (api: AdminClient) =>
  queryOptions({ queryKey: queryKeys.retention, queryFn: () => api.retention() })
