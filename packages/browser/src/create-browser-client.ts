import type { FallbackOf, FlagName, Served } from '@dimmer/sdk-core/flag-types'
import { type Api, randomId } from './api.ts'
import { createEventQueue } from './event-queue.ts'
import { flagDetails } from './flag-details.ts'
import { FlagSource } from './flag-source.ts'
import { openLiveChannel } from './live-channel.ts'
import type { Store } from './store.ts'
import type { BrowserClient, BrowserClientOptions, FlagsSnapshot } from './types.ts'

const READY_TIMEOUT_MS = 5_000
const inBrowser = typeof document !== 'undefined'

function check(options: BrowserClientOptions): void {
  if (typeof options?.url !== 'string') throw new TypeError('createBrowserClient: "url" must be a text')
  if (typeof options.clientKey !== 'string' || options.clientKey === '') {
    throw new TypeError('createBrowserClient: "clientKey" must be a browser key')
  }
}

/** Keeps the values current while it runs. Returns a function that ends it. */
function goLive(api: Api, source: FlagSource, EventSource: BrowserClientOptions['eventSource']): () => void {
  source.start()
  if (EventSource === undefined) return () => source.stop()
  const address = `${api.url}/sdk/v1/client-stream?key=${encodeURIComponent(api.clientKey)}`
  const closeChannel = openLiveChannel(() => new EventSource(address), {
    onOpen: () => source.comeUp(),
    onDown: refused => {
      source.goDown()
      // Where streams don't get through, asking at every attempt is what is left.
      if (refused) source.recheck()
    },
    onVersion: version => source.wants(version),
  })
  return () => {
    closeChannel()
    source.stop()
  }
}

function settled(store: Store<FlagsSnapshot>, timeoutMs: number): Promise<FlagsSnapshot> {
  return new Promise(resolve => {
    const finish = (): void => {
      off()
      clearTimeout(timer)
      resolve(store.get())
    }
    const look = (): void => {
      if (store.get().status !== 'loading') finish()
    }
    const timer = setTimeout(finish, timeoutMs)
    const off = store.subscribe(look)
    look()
  })
}

/** Calls `leave` whenever it may be the last chance: some browsers only tell the one, some only the other. */
function onLeave(leave: () => void): () => void {
  if (!inBrowser) return () => undefined
  const whenHidden = (): void => {
    if (document.visibilityState === 'hidden') leave()
  }
  document.addEventListener('visibilitychange', whenHidden)
  addEventListener('pagehide', leave)
  return () => {
    document.removeEventListener('visibilitychange', whenHidden)
    removeEventListener('pagehide', leave)
  }
}

/**
 * Evaluated flags for a page: values of one context, never rules; live.
 *
 * @throws TypeError without a url or key. It is the only call of this package that throws.
 * @example
 * const client = createBrowserClient({ url: '', clientKey: 'dmr_browser_...', context: { userId: 'u-7' } })
 * await client.ready()
 * if (client.isEnabled('redesigned-dashboard')) { ... }
 */
export function createBrowserClient(options: BrowserClientOptions): BrowserClient {
  check(options)
  const { clientKey, context = {}, autoConnect = inBrowser, eventSource = globalThis.EventSource } = options
  const url = options.url.replace(/\/+$/, '')
  const fetch: Api['fetch'] = (input, init) => (options.fetch ?? globalThis.fetch)(input, init)
  const api: Api = { url, clientKey, instanceId: randomId(), fetch }
  const bootstrap =
    options.bootstrap && new Map(Object.entries(options.bootstrap).map(([key, value]) => [key, { value }]))
  const source = new FlagSource(api, { context, bootstrap }, () => close())
  const { store } = source
  const serverSnapshot = store.get()
  const events = createEventQueue(api)
  let disconnect: (() => void)[] = []

  const connect = (): void => {
    if (disconnect.length === 0) disconnect = [onLeave(events.leave), goLive(api, source, eventSource)]
  }
  const close = (): void => {
    for (const end of disconnect) end()
    disconnect = []
    events.close()
  }

  if (autoConnect) connect()
  return {
    subscribe: store.subscribe,
    getSnapshot: store.get,
    getServerSnapshot: () => serverSnapshot,
    ready: readyOptions => settled(store, readyOptions?.timeoutMs ?? READY_TIMEOUT_MS),
    isEnabled: flag => store.get().flags.get(flag)?.value === true,
    // The application's types say what its flags serve.
    value: <Key extends FlagName, T extends FallbackOf<Key>>(flag: Key, fallback: T) =>
      flagDetails(store.get(), flag, fallback).value as Served<Key, T>,
    setContext: next => source.setContext(next),
    track: (name, trackOptions) => events.add(name, source.context, trackOptions ?? {}),
    connect,
    close,
  }
}
