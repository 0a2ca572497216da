import type { BrowserClient, FlagsSnapshot } from '@dimmer/browser'
import { useSyncExternalStore } from 'react'
import { useDimmer, useSuspending } from './provider.tsx'

/** What clients are waited for with; undefined: once they had values, or gave up. */
const waits = new WeakMap<BrowserClient, Promise<unknown> | undefined>()

/** The promise to suspend on until the client has settled for the first time; undefined from then on. */
function untilSettled(client: BrowserClient, { status }: FlagsSnapshot): Promise<unknown> | undefined {
  // A server never connects, so there is nothing to wait for.
  if (typeof document === 'undefined') return undefined
  if (!waits.has(client)) {
    const settled = (): void => void waits.set(client, undefined)
    waits.set(client, client.ready().then(settled))
  }
  if (status !== 'loading') waits.set(client, undefined)
  return waits.get(client)
}

/** The flags of the provider; renders again when any of them changes, and suspends if the provider says so. */
export function useSnapshot(): FlagsSnapshot {
  const client = useDimmer()
  const suspending = useSuspending()
  const snapshot = useSyncExternalStore(client.subscribe, client.getSnapshot, client.getServerSnapshot)
  const wait = suspending ? untilSettled(client, snapshot) : undefined
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- how a component says to React 18 that it waits
  if (wait !== undefined) throw wait
  return snapshot
}
