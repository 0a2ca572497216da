import type { BrowserClientOptions, EventSourceLike } from '@dimmer/browser'

class Stream implements EventSourceLike {
  readyState = 1
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null

  close(): void {
    this.readyState = 2
  }
}

/** The server's side of a page, in memory: values by context, and news of new versions. */
export class PageServer {
  version = 1
  values: (context: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  down = false
  #held = false
  requests = 0
  readonly streams: Stream[] = []

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = () => values
  }

  get openStreams(): number {
    return this.streams.filter(stream => stream.readyState === 1).length
  }

  /** What a client needs to talk to this server. */
  get options(): BrowserClientOptions {
    const { streams } = this
    const eventSource = class extends Stream {
      constructor() {
        super()
        streams.push(this)
      }
    }
    return { url: 'http://dimmer.test', clientKey: 'dmr_browser_test', fetch: this.#fetch, eventSource }
  }

  /** Leaves all requests from now on without an answer. */
  hold(): void {
    this.#held = true
  }

  publish(values: Readonly<Record<string, unknown>>): void {
    this.version++
    this.values = () => values
    const data = JSON.stringify({ type: 'refetchEvaluation', version: this.version })
    for (const stream of this.streams) stream.onmessage?.(new MessageEvent('message', { data }))
  }

  readonly #fetch: typeof globalThis.fetch = async (_url, init) => {
    this.requests++
    if (this.#held) return new Promise(() => undefined)
    if (this.down) throw new TypeError('network error')
    const { context } = JSON.parse(String(init?.body))
    const flags = Object.entries(this.values(context)).map(([key, value]) => ({
      key,
      value,
      variant: String(value),
      reason: 'STATIC',
    }))
    const eventStreams = [{ type: 'sse', endpoint: { requestUri: '/stream' }, inactivityDelaySec: 120 }]
    return Response.json({ flags, metadata: { version: this.version }, eventStreams })
  }
}
