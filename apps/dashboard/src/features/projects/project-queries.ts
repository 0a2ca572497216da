import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const projectsQuery = (api: AdminClient) =>
  queryOptions({ queryKey: queryKeys.projects, queryFn: () => api.listProjects() })

export const contextSigningQuery = (api: AdminClient, project: string, environment: string) =>
  queryOptions({
    queryKey: queryKeys.contextSigning(project, environment),
    queryFn: () => api.contextSigning(project, environment),
  })

export const sdkKeysQuery = (api: AdminClient, project: string, environment: string) =>
  queryOptions({
    queryKey: queryKeys.sdkKeys(project, environment),
    queryFn: () => api.listSdkKeys(project, environment),
  })
