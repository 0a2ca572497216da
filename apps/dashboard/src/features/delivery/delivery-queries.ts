import type { AdminClient, ReceiptSummary } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const instancesQuery = (api: AdminClient, project: string, environment: string) =>
  queryOptions({
    queryKey: queryKeys.instances(project, environment),
    queryFn: () => api.listInstances(project, environment),
  })

/** Who has taken the version of `known`; asked again whenever a receipt arrives. */
export const receiptsQuery = (api: AdminClient, project: string, known: ReceiptSummary) =>
  queryOptions({
    queryKey: queryKeys.receipts(project, known.environment, known.version),
    queryFn: () => api.receipts(project, known.environment, known.version),
    initialData: known,
  })
