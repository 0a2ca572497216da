import { type BrowserClient, type BrowserClientOptions, createBrowserClient } from '@dimmer/browser'
import { createContext, type ReactElement, type ReactNode, Suspense, useContext, useEffect, useState } from 'react'

const ClientContext = createContext<BrowserClient | undefined>(undefined)
const SuspendingContext = createContext(false)

/** Options for a client that the provider owns. */
export type OwnClientOptions = Omit<BrowserClientOptions, 'autoConnect'>

/** Either options for a client that lives as long as the provider, or a client that the app made and closes. */
export type DimmerProviderProps = {
  readonly children?: ReactNode
  /**
   * Shown until there are first values, or asking for them has failed or took 5 s. Components that ask for flags wait
   * for that, and are never taken away again. Not given: they are drawn at once, with their fallbacks, as `loading`.
   */
  readonly suspense?: ReactNode
} & (
  | {
      readonly options: OwnClientOptions
      /** Values that the server drew the page with, by flag: the first drawing here is the same. */
      readonly bootstrap?: Readonly<Record<string, unknown>>
      readonly client?: never
    }
  | { readonly client: BrowserClient; readonly options?: never; readonly bootstrap?: never }
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
 * <DimmerProvider options={{ url: '', clientKey: 'dmr_browser_...', context: { accountId, userId } }} bootstrap={values}>
 *   <App />
 * </DimmerProvider>
 */
export function DimmerProvider(props: DimmerProviderProps): ReactElement {
  const { client, options, bootstrap, suspense, children } = props
  const suspending = suspense !== undefined
  // In here, so that the client is kept and connected while what is below waits.
  const content = suspending ? <Suspense fallback={suspense}>{children}</Suspense> : children
  const own = client === undefined && (bootstrap === undefined ? options : { ...options, bootstrap })
  return (
    <SuspendingContext.Provider value={suspending}>
      {own ? (
        <OwnClient options={own}>{content}</OwnClient>
      ) : (
        <ClientContext.Provider value={client}>{content}</ClientContext.Provider>
      )}
    </SuspendingContext.Provider>
  )
}

/** Whether components wait for first values. */
export function useSuspending(): boolean {
  return useContext(SuspendingContext)
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
