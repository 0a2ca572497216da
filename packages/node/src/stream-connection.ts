import { type Cancel, type SseEvent, SseParser } from '@dimmer/sdk-core'
import { LISTS_BY_HASH } from './list-inbox.ts'
import type { Platform } from './platform.ts'
import { badAnswer, describe, type SdkHttp } from './sdk-http.ts'
import { withUnrefSocket } from './unref-socket.ts'

const PATH = '/sdk/v1/stream'

/** Why a stream is over. */
export type StreamEnd =
  /** The server closed it in good order. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterMs: number }

export interface StreamHandlers {
  /** Bytes came in, be it a heartbeat. */
  onSign(): void
  onEvent(event: SseEvent): void
  /** Called once, and nothing after it; not called after `close()`. */
  onEnd(end: StreamEnd): void
}

export interface StreamConnectionDeps {
  readonly platform: Platform
  readonly http: SdkHttp
  /** Longest wait for the first bytes, in ms. */
  readonly connectTimeoutMs: number
}

const failed = (message: string): StreamEnd => ({ kind: 'failed', message, retryAfterMs: 0 })

/** One connection to the event stream, from the request to its end. It never reconnects by itself. */
export class StreamConnection {
  readonly #deps: StreamConnectionDeps
  readonly #handlers: StreamHandlers
  readonly #abort = new AbortController()
  #silenceMs: number
  #stopTimer: Cancel
  #over = false

  constructor(deps: StreamConnectionDeps, handlers: StreamHandlers, lastEventId: string | undefined) {
    this.#deps = deps
    this.#handlers = handlers
    this.#silenceMs = deps.connectTimeoutMs
    this.#stopTimer = this.#startTimer(`no stream within ${deps.connectTimeoutMs} ms`)
    void this.#run(lastEventId)
  }

  /** From now on a silence of `ms` ends the connection. */
  endAfterSilence(ms: number): void {
    this.#silenceMs = ms
    this.#sign()
  }

  close(): void {
    this.#over = true
    this.#stopTimer()
    this.#abort.abort()
  }

  #end(end: StreamEnd): void {
    if (this.#over) return
    this.close()
    this.#handlers.onEnd(end)
  }

  #startTimer(message: string): Cancel {
    return this.#deps.platform.setTimer(() => this.#end(failed(message)), this.#silenceMs)
  }

  #sign(): void {
    if (this.#over) return
    this.#stopTimer()
    this.#stopTimer = this.#startTimer(`the stream was silent for ${this.#silenceMs} ms`)
  }

  async #run(lastEventId: string | undefined): Promise<void> {
    const headers: Record<string, string> = {
      accept: 'text/event-stream',
      'cache-control': 'no-cache',
      ...LISTS_BY_HASH,
    }
    if (lastEventId !== undefined) headers['last-event-id'] = lastEventId
    try {
      const request = { path: PATH, headers, signal: this.#abort.signal }
      const response = await withUnrefSocket(PATH, () => this.#deps.http.send(request))
      this.#end(await this.#read(response))
    } catch (error) {
      this.#end(failed(describe(error)))
    }
  }

  async #read(response: Response): Promise<StreamEnd> {
    if (response.status !== 200) {
      const answer = await badAnswer(response)
      return answer.kind === 'rejected' ? failed(answer.message) : answer
    }
    const type = response.headers.get('content-type') ?? 'nothing'
    if (response.body === null || !type.startsWith('text/event-stream')) {
      return failed(`the stream's content type is ${type}, not text/event-stream`)
    }
    const parser = new SseParser()
    for await (const chunk of response.body) {
      this.#sign()
      this.#handlers.onSign()
      for (const event of parser.push(chunk)) if (!this.#over) this.#handlers.onEvent(event)
    }
    return { kind: 'closed' }
  }
}
