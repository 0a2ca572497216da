import { AdminApiError } from '@dimmer/protocol'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { queryKeys } from '../shared/query-keys.ts'

const RETRIES = 2

/** Asking again helps when the server was away, not when it said no. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < RETRIES && !(error instanceof AdminApiError && error.status >= 400 && error.status < 500)

/**
 * Answers stay fresh until a live event says otherwise; a minute at the longest, should one be missed.
 * Who is refused because the session ended is asked anew who they are, which leads to the sign-in page.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof AdminApiError && error.code === 'unauthenticated')
      void client.invalidateQueries({ queryKey: queryKeys.session })
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { staleTime: 60_000, retry: worthRetrying }, mutations: { retry: false } },
  })
  return client
}
