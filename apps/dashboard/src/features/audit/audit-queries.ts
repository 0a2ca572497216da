import type { AdminClient, AuditSearch } from '@dimmer/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const auditQuery = (api: AdminClient, project: string, search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.audit(project), 'entries', search],
    queryFn: ({ pageParam }) =>
      api.searchAudit(project, { ...search, ...(pageParam === null ? {} : { before: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: page => page.next,
  })

export const chainQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: [...queryKeys.audit(project), 'chain'], queryFn: () => api.verifyAudit(project) })
