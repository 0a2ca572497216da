import type { FallbackOf, FlagName, Served } from '@dimmer/sdk-core/flag-types'
import type { Api } from './api.ts'
import { createEventQueue } from './event-queue.ts'
import { FlagSource } from './flag-source.ts'
import { createLiveChannel } from './live-channel.ts'
import { inBrowser, watchPage } from './page-visibility.ts'
import { createFlagCache, deviceId } from './storage.ts'
import type { Store } from './store.ts'
import type { BrowserClient, BrowserClientOptions, FlagsSnapshot } from './types.ts'
import { valueOr } from './value-or.ts'

const READY_TIMEOUT_MS = 5_000

function check(options: BrowserClientOptions): void {
  const wrong = (['url', 'clientKey'] as const).find(name => typeof options?.[name] !== 'string')
  const bad = wrong ?? (options.clientKey ? undefined : 'clientKey')
  if (bad) throw new TypeError(`createBrowserClient: "${bad}" must be a text`)
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
  const { clientKey, cache, deviceAttribute, autoConnect = inBrowser } = options
  const { eventSource: Stream = globalThis.EventSource } = options
  const url = options.url.replace(/\/+$/, '')
  const fetch: Api['fetch'] = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const api: Api = { url, clientKey, fetch }
  const bootstrap =
    options.bootstrap && new Map(Object.entries(options.bootstrap).map(([key, value]) => [key, { value }]))
  const device = inBrowser && deviceAttribute ? { [deviceAttribute]: deviceId() } : undefined
  const start = { ...options, device, bootstrap, cache: cache ? createFlagCache(clientKey) : undefined }
  let paused = false
  const source = new FlagSource(api, start, {
    refused: () => close(),
    stream(address) {
      if (!paused) channel?.open(address)
    },
  })
  const channel = Stream && createLiveChannel(address => new Stream(url + address), source)
  const { store, serverSnapshot } = source
  const events = createEventQueue(api, () => source.recheck())
  let disconnect: (() => void) | undefined

  const connect = (): void => {
    if (disconnect) return
    source.start()
    const stopWatching = watchPage({
      leave: events.leave,
      pause() {
        paused = true
        channel?.close()
        source.setDown(true)
      },
      look() {
        // With the answer the stream is opened again.
        if (paused) source.setDown(false)
        paused = false
      },
    })
    disconnect = () => {
      stopWatching()
      channel?.close()
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
