import type { AdminClient, FlagPlace, ReadExperiment } from '@dimmer/protocol'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

/** Reading counts all that has arrived since: not more often than somebody would look. */
const REFRESH_MS = 60_000

export const experimentQuery = (api: AdminClient, place: FlagPlace, request: ReadExperiment) =>
  queryOptions({
    queryKey: [...queryKeys.flag(place.project, place.flag), 'experiment', place.environment, request],
    queryFn: () => api.readExperiment(place, request),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  })
