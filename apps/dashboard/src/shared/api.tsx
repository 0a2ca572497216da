import { type AdminClient, createAdminClient } from '@dimmer/protocol'
import { createContext, type ReactNode, useContext } from 'react'

/** How to reach the server. */
export interface Api {
  readonly client: AdminClient
  /** For requests that the client doesn't make itself, e.g. the live stream. */
  readonly headers: Readonly<Record<string, string>>
}

const ApiContext = createContext<Api | undefined>(undefined)

/** The server that served this page; `token` where it asks for one. */
export function createApi(token: string | undefined): Api {
  if (token === undefined) return { client: createAdminClient({ url: '' }), headers: {} }
  return { client: createAdminClient({ url: '', token }), headers: { authorization: `Bearer ${token}` } }
}

/** Gives everything below the way to the server. */
export function ApiProvider({ api, children }: { readonly api: Api; readonly children?: ReactNode }) {
  return <ApiContext value={api}>{children}</ApiContext>
}

function useProvided(): Api {
  const api = useContext(ApiContext)
  if (api === undefined) throw new Error('useApi needs an ApiProvider above it')
  return api
}

/** The client of the admin API. */
export const useApi = (): AdminClient => useProvided().client

/** The headers that every request must have. */
export const useApiHeaders = (): Api['headers'] => useProvided().headers
