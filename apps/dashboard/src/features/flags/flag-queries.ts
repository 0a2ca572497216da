import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const flagsQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.flags(project), queryFn: () => api.listFlags(project) })

export const flagQuery = (api: AdminClient, project: string, flag: string) =>
  queryOptions({ queryKey: queryKeys.flag(project, flag), queryFn: () => api.getFlag(project, flag) })
