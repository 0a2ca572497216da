import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const staleQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.stale(project), queryFn: () => api.staleFlags(project) })
