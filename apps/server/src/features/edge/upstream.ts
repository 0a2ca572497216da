import { SDK_HEADERS } from '@dimmer/protocol'

const TIMEOUT_MS = 5_000

/** Where an edge gets everything from: a server, or another edge. */
export interface UpstreamOptions {
  readonly url: string
  readonly instanceId: string
}

/** `away`: no answer, or one that says "later". */
export type UpstreamAnswer =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'away' }

/** What this edge goes by. */
export const EDGE_SDK = 'edge/0.1.0'

/** Single requests to the server behind an edge. Nothing here throws: an outage is an answer like any other. */
export class Upstream {
  readonly #options: UpstreamOptions

  constructor(options: UpstreamOptions) {
    this.#options = options
  }

  get(path: string, key: string): Promise<UpstreamAnswer> {
    return this.#ask(path, { method: 'GET', headers: this.#headers(key) })
  }

  post(path: string, key: string, body: unknown): Promise<UpstreamAnswer> {
    const headers = { ...this.#headers(key), 'content-type': 'application/json' }
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  #headers(key: string): Record<string, string> {
    return {
      authorization: `Bearer ${key}`,
      [SDK_HEADERS.instance]: this.#options.instanceId,
      [SDK_HEADERS.sdk]: EDGE_SDK,
    }
  }

  async #ask(path: string, init: RequestInit): Promise<UpstreamAnswer> {
    try {
      const response = await fetch(this.#options.url + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
      const text = await response.text()
      if (response.status === 408 || response.status === 429 || response.status >= 500) return { kind: 'away' }
      if (!response.ok) return { kind: 'refused', status: response.status }
      return { kind: 'ok', body: text === '' ? null : JSON.parse(text) }
    } catch {
      return { kind: 'away' }
    }
  }
}
