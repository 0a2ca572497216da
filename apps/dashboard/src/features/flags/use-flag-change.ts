import type { FlagChanged, FlagPlace, PutFlagConfig } from '@dimmer/protocol'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'

/** Shows a change at once, without waiting for the live stream. */
export function storeFlag(queries: QueryClient, project: string, { flag }: FlagChanged): void {
  queries.setQueryData(queryKeys.flag(project, flag.key), flag)
  void queries.invalidateQueries({ queryKey: queryKeys.flags(project), exact: true })
}

/** Switches a flag on or off. */
export function useSwitchFlag(place: FlagPlace) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (on: boolean) => api.switchFlag(place, on),
    onSuccess: changed => storeFlag(queries, place.project, changed),
  })
}

/** Saves a whole config, unless the flag was changed since the version that it was made from. */
export function useSaveConfig(place: FlagPlace) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (config: PutFlagConfig) => api.putFlagConfig(place, config),
    onSuccess: changed => storeFlag(queries, place.project, changed),
    // Whatever was refused: a newer version is on the way, and the page should show it.
    onError: () => queries.invalidateQueries({ queryKey: queryKeys.flag(place.project, place.flag), exact: true }),
  })
}

/** Takes a flag out of use for good. */
export function useArchiveFlag(project: string, flag: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.archiveFlag(project, flag),
    onSuccess: archived => {
      queries.setQueryData(queryKeys.flag(project, flag), archived)
      return queries.invalidateQueries({ queryKey: queryKeys.flags(project), exact: true })
    },
  })
}

/** Sets the share of one rule, in percent of the unit it has. */
export function useSetShare(place: FlagPlace, rule: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (share: { readonly unit: string; readonly percent: number }) => api.setShare(place, rule, share),
    onSuccess: changed => storeFlag(queries, place.project, changed),
  })
}
