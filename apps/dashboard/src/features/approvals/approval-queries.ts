import type { AdminClient, ChangeRequestView } from '@dimmer/protocol'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'

export const changeRequestsQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.changeRequests(project), queryFn: () => api.listChangeRequests(project) })

export const changeRequestQuery = (api: AdminClient, project: string, id: string) =>
  queryOptions({ queryKey: queryKeys.changeRequest(project, id), queryFn: () => api.getChangeRequest(project, id) })

export const requestForecastQuery = (api: AdminClient, project: string, id: string) =>
  queryOptions({
    queryKey: [...queryKeys.changeRequest(project, id), 'forecast'],
    queryFn: () => api.forecastChangeRequest(project, id),
  })

export const policyQuery = (api: AdminClient, project: string, environment: string) =>
  queryOptions({
    queryKey: queryKeys.approvalPolicy(project, environment),
    queryFn: () => api.getApprovalPolicy(project, environment),
  })

/** Does something to a change request, and shows how it is then. */
export function useRequestAct<Input>(
  project: string,
  act: (api: AdminClient, input: Input) => Promise<ChangeRequestView>,
) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => act(api, input),
    onSuccess: request => queries.setQueryData(queryKeys.changeRequest(project, request.id), request),
    // Refused or not: others may have been faster, and the page should show it.
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.changeRequests(project) }),
  })
}
