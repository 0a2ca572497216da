import type { AdminClient, FlagConfig, FlagPlace, ForecastQuery } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const flagsQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.flags(project), queryFn: () => api.listFlags(project) })

export const flagQuery = (api: AdminClient, project: string, flag: string) =>
  queryOptions({ queryKey: queryKeys.flag(project, flag), queryFn: () => api.getFlag(project, flag) })

/** Kept for a short while only: the directory grows, and no live event tells. */
const FORECAST_FRESH_MS = 5_000

/** What a forecast tells apart, and for which time it is; absent: chosen from the directory, and now. */
export type ForecastChoice = ForecastQuery

export const forecastQuery = (
  api: AdminClient,
  place: FlagPlace,
  asked: { readonly config: FlagConfig; readonly choice: ForecastChoice },
) =>
  queryOptions({
    queryKey: [...queryKeys.forecast(place.project, place.flag, place.environment, asked.config), asked.choice],
    queryFn: () => api.forecast(place, asked.config, asked.choice),
    staleTime: FORECAST_FRESH_MS,
  })
