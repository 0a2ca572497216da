import { type BrowserClient, type BrowserClientOptions, createBrowserClient } from '@dimmer/browser'
import { createContext, type ReactElement, type ReactNode, useContext, useEffect, useState } from 'react'

const ClientContext = createContext<BrowserClient | undefined>(undefined)

/** Options for a client that the provider owns. */
export type OwnClientOptions = Omit<BrowserClientOptions, 'autoConnect'>

/** Either options for a client that lives as long as the provider, or a client that the app made and closes. */
export type DimmerProviderProps = { readonly children?: ReactNode } & (
  | { readonly options: OwnClientOptions; readonly client?: never }
  | { readonly client: BrowserClient; readonly options?: never }
)

function OwnClient({
  options,
  children,
}: {
  readonly options: OwnClientOptions
  readonly children: ReactNode
}): ReactElement {
  // Connected by the effect, not here: rendering has no effects, on a server least of all.
  const [client] = useState(() => createBrowserClient({ ...options, autoConnect: false }))
  useEffect(() => {
    client.connect()
    return () => client.close()
  }, [client])
  const { context } = options
  useEffect(() => {
    // An equal context changes nothing, so that it may be written inline.
    if (context !== undefined) void client.setContext(context)
  }, [client, context])
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>
}

/**
 * Gives flags to the components below. Of the options only `context` may change later.
 *
 * @example
 * <DimmerProvider options={{ url: '', clientKey: 'dmr_browser_...', context: { accountId, userId } }}>
 *   <App />
 * </DimmerProvider>
 */
export function DimmerProvider({ client, options, children }: DimmerProviderProps): ReactElement {
  if (client === undefined) return <OwnClient options={options}>{children}</OwnClient>
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>
}

/**
 * The client of the nearest provider, for `track` and `setContext`.
 *
 * @throws Error outside of a `DimmerProvider`.
 */
export function useDimmer(): BrowserClient {
  const client = useContext(ClientContext)
  if (client === undefined) throw new Error('Dimmer hooks work only inside a <DimmerProvider>')
  return client
}
