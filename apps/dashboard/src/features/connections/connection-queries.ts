import type { AdminClient } from '@dimmer/protocol'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'

export interface Place {
  readonly project: string
  readonly environment: string
}

/** Health changes by itself, and no live event tells: it is asked for again while the page is open. */
const ASK_AGAIN_MS = 10_000

export const connectionsQuery = (api: AdminClient, { project, environment }: Place) =>
  queryOptions({
    queryKey: queryKeys.connections(project, environment),
    queryFn: () => api.listConnections(project, environment),
    refetchInterval: ASK_AGAIN_MS,
  })

export const undeliveredQuery = (api: AdminClient, { project, environment }: Place, connection: string) =>
  queryOptions({
    queryKey: queryKeys.undelivered(project, environment, connection),
    queryFn: () => api.listUndelivered(project, environment, connection),
  })

/** Does something to connections of an environment, and shows how they are then. */
export function useConnectionAct<Input, Output>(
  { project, environment }: Place,
  act: (api: AdminClient, input: Input) => Promise<Output>,
) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => act(api, input),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.connections(project, environment) }),
  })
}
