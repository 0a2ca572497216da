import {
  type ClientStreamEvent,
  type EventBatch,
  eventBatchSchema,
  type OfrepBulkAnswer,
  type OfrepEventStream,
  type OfrepFlag,
  ofrepRequestSchema,
} from '@dimmer/protocol'
import type { EventSourceLike } from '../src/index.ts'

export const CLIENT_KEY = 'dmr_browser_test'

export interface Asked {
  readonly context: Readonly<Record<string, unknown>>
  readonly etag: string | null
  answer(): void
}

/**
 * The server's side of a page, in memory: evaluates, tells open streams about new versions, takes events. What comes
 * in is checked against the wire schemas.
 */
export class EvaluationServer {
  version = 1
  /** How many rules have begun or ended in this version. */
  begun = 0
  /** The values of a context. */
  evaluate: (context: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  /** Answers with this status instead; 0: the connection breaks. */
  status: number | undefined
  eventStatus = 202
  retryAfter: string | undefined
  /** The one signature that still holds; undefined: contexts need none. */
  signature: string | undefined
  /** Answers only when told to. */
  held = false
  /** Where pages are told to hear of changes. */
  streamAddress: string | undefined = '/sdk/v1/client-stream?token=t1'
  /** Streams begin at once. */
  opensStreams = true
  readonly asked: Asked[] = []
  readonly batches: (EventBatch & { readonly keepalive: boolean })[] = []
  readonly streams: FakeEventSource[] = []

  constructor(values: Readonly<Record<string, unknown>> = {}) {
    this.evaluate = () => values
  }

  /** What the page uses as `fetch`. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(String(input))
    const headers = new Headers(init?.headers)
    if (headers.get('authorization') !== `Bearer ${CLIENT_KEY}`) return new Response(null, { status: 401 })
    const body: unknown = JSON.parse(String(init?.body))
    if (pathname === '/sdk/v1/events') return this.#events(body, init?.keepalive === true)
    if (pathname === '/ofrep/v1/evaluate/flags') return this.#flags(body, headers.get('if-none-match'), init?.signal)
    return new Response(null, { status: 404 })
  }

  /** What the page uses as `EventSource`. */
  get eventSource(): new (
    url: string,
  ) => EventSourceLike {
    const server = this
    return class extends FakeEventSource {
      constructor(url: string) {
        super(url, () => server.version)
        server.streams.push(this)
        if (server.opensStreams) queueMicrotask(() => this.open())
      }
    }
  }

  get stream(): FakeEventSource {
    const stream = this.streams.at(-1)
    if (stream === undefined) throw new Error('the page opened no stream')
    return stream
  }

  publish(values: Readonly<Record<string, unknown>>): void {
    this.version++
    this.evaluate = () => values
    this.stream.send({ type: 'refetchEvaluation', version: this.version })
  }

  /** A rule begins: other values, and no new version. */
  begin(values: Readonly<Record<string, unknown>>): void {
    this.begun++
    this.evaluate = () => values
    this.stream.send({ type: 'refetchEvaluation', version: this.version, again: true })
  }

  async #flags(body: unknown, etag: string | null, signal: AbortSignal | null | undefined): Promise<Response> {
    const { context } = ofrepRequestSchema.parse(body)
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
    const told = new Promise<void>(answer => {
      this.asked.push({ context, etag, answer })
      if (!this.held) answer()
    })
    await Promise.race([told, aborted])
    return this.#evaluated(context, etag)
  }

  #evaluated(context: Readonly<Record<string, unknown>>, etag: string | null): Response {
    if (this.status === 0) throw new TypeError('network error')
    const { signedContext, ...plain } = context
    if (this.signature !== undefined && signedContext !== this.signature) return new Response('{}', { status: 400 })
    const headers = new Headers(this.retryAfter === undefined ? {} : { 'retry-after': this.retryAfter })
    if (this.status !== undefined) return new Response(null, { status: this.status, headers })
    const covered = JSON.stringify([this.version, plain, ...(this.begun > 0 ? [this.begun] : [])])
    // Headers are ASCII.
    const current = covered.replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16)}`)
    if (etag === current) return new Response(null, { status: 304 })
    const flags = Object.entries(this.evaluate(plain)).map(
      ([key, value]): OfrepFlag => ({ key, value, variant: String(value), reason: 'TARGETING_MATCH' }),
    )
    headers.set('etag', current)
    const { streamAddress: requestUri } = this
    const eventStreams: OfrepEventStream[] =
      requestUri === undefined ? [] : [{ type: 'sse', endpoint: { requestUri }, inactivityDelaySec: 120 }]
    const answer: OfrepBulkAnswer = { flags, metadata: { version: this.version }, eventStreams }
    return new Response(JSON.stringify(answer), { headers })
  }

  #events(body: unknown, keepalive: boolean): Response {
    this.batches.push({ ...eventBatchSchema.parse(body), keepalive })
    const { tracks } = eventBatchSchema.parse(body)
    const unsigned = tracks.some(({ signedContext }) => signedContext !== this.signature)
    if (this.signature !== undefined && unsigned) return new Response('{}', { status: 400 })
    if (this.eventStatus === 0) throw new TypeError('network error')
    return new Response('{"accepted":true,"duplicate":false}', { status: this.eventStatus })
  }
}

/** An EventSource whose server is the test. */
export class FakeEventSource implements EventSourceLike {
  readonly url: string
  readonly #version: () => number
  readyState = 0
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null

  constructor(url: string, version: () => number) {
    this.url = url
    this.#version = version
  }

  /** It begins, for the first time or again; for so long it may be silent, in ms. */
  open({ cutOff = false, heartbeatMs = 3_600_000 } = {}): void {
    if (this.readyState !== 0) return
    this.readyState = 1
    this.tell({ type: 'hello', version: this.#version(), heartbeatMs, cutOff })
  }

  tell(event: ClientStreamEvent): void {
    this.send(event)
  }

  send(message: unknown): void {
    this.onmessage?.(
      new MessageEvent('message', { data: typeof message === 'string' ? message : JSON.stringify(message) }),
    )
  }

  /** The connection breaks; the browser will try again by itself. */
  break(): void {
    this.readyState = 0
    this.onerror?.(new Event('error'))
  }

  /** The server answers with an error; the browser gives up. */
  refuse(): void {
    this.readyState = 2
    this.onerror?.(new Event('error'))
  }

  close(): void {
    this.readyState = 2
  }
}
