import type { AdminClient, FlagConfig, FlagPlace } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const flagsQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.flags(project), queryFn: () => api.listFlags(project) })

export const flagQuery = (api: AdminClient, project: string, flag: string) =>
  queryOptions({ queryKey: queryKeys.flag(project, flag), queryFn: () => api.getFlag(project, flag) })

/** Kept for a short while only: the directory grows, and no live event tells. */
const FORECAST_FRESH_MS = 5_000

export const forecastQuery = (api: AdminClient, place: FlagPlace, config: FlagConfig) =>
  queryOptions({
    queryKey: queryKeys.forecast(place.project, place.flag, place.environment, config),
    queryFn: () => api.forecast(place, config),
    staleTime: FORECAST_FRESH_MS,
  })
