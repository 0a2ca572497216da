import type { FallbackOf, FlagName, Served } from '@dimmer/sdk-core/flag-types'
import { type Api, randomId } from './api.ts'
import { createEventQueue } from './event-queue.ts'
import { FlagSource } from './flag-source.ts'
import { openLiveChannel } from './live-channel.ts'
import { inBrowser, watchPage } from './page-visibility.ts'
import { createFlagCache, deviceId } from './storage.ts'
import type { Store } from './store.ts'
import type { BrowserClient, BrowserClientOptions, FlagsSnapshot } from './types.ts'
import { valueOr } from './value-or.ts'

const READY_TIMEOUT_MS = 5_000

function check(options: BrowserClientOptions): void {
  const isText = (value: unknown): boolean => typeof value === 'string'
  const bad = !isText(options?.url) ? 'url' : !isText(options.clientKey) || !options.clientKey ? 'clientKey' : ''
  if (bad) throw new TypeError(`createBrowserClient: "${bad}" must be a text`)
}

/** Hears of new versions. Returns a function that ends it. */
function listen(api: Api, source: FlagSource, EventSource: BrowserClientOptions['eventSource']): () => void {
  if (!EventSource) return () => undefined
  const address = `${api.url}/sdk/v1/client-stream?key=${encodeURIComponent(api.clientKey)}`
  return openLiveChannel(() => new EventSource(address), source)
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
  const { clientKey, cache, deviceAttribute, autoConnect = inBrowser, eventSource = globalThis.EventSource } = options
  const url = options.url.replace(/\/+$/, '')
  const fetch: Api['fetch'] = (input, init) => (options.fetch ?? globalThis.fetch)(input, init)
  const api: Api = { url, clientKey, instanceId: randomId(), fetch }
  const bootstrap =
    options.bootstrap && new Map(Object.entries(options.bootstrap).map(([key, value]) => [key, { value }]))
  const device = inBrowser && deviceAttribute ? { [deviceAttribute]: deviceId(randomId) } : undefined
  const start = { ...options, device, bootstrap, cache: cache ? createFlagCache(clientKey) : undefined }
  const source = new FlagSource(api, start, () => close())
  const { store, serverSnapshot } = source
  const events = createEventQueue(api, () => source.recheck())
  let disconnect: (() => void) | undefined

  const connect = (): void => {
    if (disconnect) return
    source.start()
    let stopListening = listen(api, source, eventSource)
    const stopWatching = watchPage({
      leave: events.leave,
      pause() {
        stopListening()
        source.goDown()
      },
      resume() {
        source.comeUp()
        stopListening = listen(api, source, eventSource)
      },
    })
    disconnect = () => {
      stopWatching()
      stopListening()
      source.stop()
    }
  }
  const close = (): void => {
    disconnect?.()
    disconnect = undefined
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
      valueOr(store.get().flags.get(flag)?.value, fallback) as Served<Key, T>,
    setContext: next => source.setContext(next),
    track: (name, trackOptions) => events.add(name, source.context, trackOptions ?? {}),
    connect,
    close,
  }
}
