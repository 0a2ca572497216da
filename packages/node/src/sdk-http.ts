import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ErrorBody, SDK_HEADERS } from '@dimmer/protocol'
import { answerKind, retryAfterMs } from '@dimmer/sdk-core'
import type { Platform } from './platform.ts'

/** Version of this package; a test keeps it equal to package.json. */
export const SDK_VERSION = '0.1.0'

const HEADERS = {
  instance: 'x-dimmer-instance',
  sdk: 'x-dimmer-sdk',
  lists: 'x-dimmer-lists',
} as const satisfies typeof SDK_HEADERS

const compress = promisify(gzip)
/** From so many characters on a body is compressed. */
const WORTH_COMPRESSING = 1_024

/** What became of a request. Nothing here throws: an outage is an answer like any other. */
export type Answer =
  | { readonly kind: 'ok'; readonly text: string; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  /** 401 or 403: asking again won't help. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Another 4xx: this request will never be taken. */
  | { readonly kind: 'rejected'; readonly status: number; readonly message: string }
  /** No answer, 408, 429 or 5xx: worth another try. */
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterMs: number }

export type BadAnswer = Extract<Answer, { message: string }>

export interface SdkHttpOptions {
  readonly url: string
  readonly sdkKey: string
  readonly instanceId: string
  /** "name/version"; absent: this package's. */
  readonly sdk?: string
}

interface Request {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON with POST; absent: GET. */
  readonly body?: unknown
  readonly signal: AbortSignal
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object'
}

async function errorMessage(response: Response): Promise<string> {
  const status = `${response.status} ${response.statusText}`.trim()
  try {
    const body: unknown = JSON.parse(await response.text())
    return isErrorBody(body) ? `${status}: ${body.error.message}` : status
  } catch {
    return status
  }
}

/** An answer that is not 2xx or 304, in the SDK's terms; 415 is worth another try, without compression. Reads the body, so that the connection is free again. */
export async function badAnswer(response: Response): Promise<BadAnswer> {
  const { status } = response
  const message = await errorMessage(response)
  const kind = answerKind(status)
  if (kind === 'refused') return { kind, message }
  if (kind === 'rejected' && status !== 415) return { kind, status, message }
  return { kind: 'failed', message, retryAfterMs: retryAfterMs(response.headers.get('retry-after')) }
}

/** "fetch failed: connect ECONNREFUSED 127.0.0.1:4400" rather than "fetch failed". */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  const code = 'code' in cause ? String(cause.code) : cause.name
  return `${error.message}: ${cause.message === '' ? code : cause.message}`
}

/** Requests to one server in the name of one SDK instance. */
export class SdkHttp {
  readonly #platform: Platform
  readonly #base: string
  readonly #headers: Readonly<Record<string, string>>
  #compresses = true

  constructor(platform: Platform, options: SdkHttpOptions) {
    this.#platform = platform
    this.#base = options.url.replace(/\/+$/, '')
    this.#headers = {
      authorization: `Bearer ${options.sdkKey}`,
      [HEADERS.instance]: options.instanceId,
      [HEADERS.sdk]: options.sdk ?? `node/${SDK_VERSION}`,
    }
  }

  /** The bare response; throws what `fetch` throws. */
  async send(request: Request): Promise<Response> {
    const { path, signal } = request
    const headers: Record<string, string> = { ...this.#headers, ...request.headers }
    if (request.body === undefined) return this.#platform.fetch(this.#base + path, { headers, signal })
    headers['content-type'] = 'application/json'
    const text = JSON.stringify(request.body)
    if (!this.#compresses || text.length < WORTH_COMPRESSING) {
      return this.#platform.fetch(this.#base + path, { method: 'POST', headers, body: text, signal })
    }
    headers['content-encoding'] = 'gzip'
    const body = new Uint8Array(await compress(text))
    const response = await this.#platform.fetch(this.#base + path, { method: 'POST', headers, body, signal })
    // A server or a proxy that doesn't take it: the retry goes plain.
    if (response.status === 415) this.#compresses = false
    return response
  }

  /** The whole exchange, body included, within `timeoutMs`. Never rejects. */
  async exchange(request: Request & { readonly timeoutMs: number }): Promise<Answer> {
    // Joined by hand: `AbortSignal.any` leaves something behind in a signal that outlives it.
    const abort = new AbortController()
    const cancel = (): void => abort.abort()
    let message: string | undefined
    const stop = this.#platform.setTimer(() => {
      message = `no answer within ${request.timeoutMs} ms`
      cancel()
    }, request.timeoutMs)
    request.signal.addEventListener('abort', cancel)
    if (request.signal.aborted) cancel()
    try {
      const response = await this.send({ ...request, signal: abort.signal })
      if (response.status === 304) return { kind: 'unchanged' }
      if (!response.ok) return await badAnswer(response)
      return { kind: 'ok', text: await response.text(), etag: response.headers.get('etag') }
    } catch (error) {
      return { kind: 'failed', message: message ?? describe(error), retryAfterMs: 0 }
    } finally {
      stop()
      request.signal.removeEventListener('abort', cancel)
    }
  }
}
