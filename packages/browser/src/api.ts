import { type AnswerKind, answerKind, retryAfterMs } from '@dimmer/sdk-core'

/** How to reach the server. */
export interface Api {
  readonly url: string
  readonly clientKey: string
  readonly fetch: typeof globalThis.fetch
}

/** Version of this package; a test keeps it equal to package.json. */
export const SDK_VERSION = '0.1.0'

/** A random id. `crypto.randomUUID` is missing in pages that didn't come over https. */
export function randomId(): string {
  const part = (): string => Math.random().toString(36).slice(2)
  return part() + part()
}

export interface Answer {
  readonly kind: AnswerKind
  readonly retryAfterMs?: number
  readonly etag?: string | null
  /** Of a 200: the JSON. */
  readonly body?: unknown
}

/** POSTs JSON, and understands the answer. Never rejects: an outage is an answer like any other. */
export async function ask(
  { url, clientKey, fetch }: Api,
  path: string,
  body: unknown,
  init: RequestInit,
): Promise<Answer> {
  try {
    const response = await fetch(url + path, {
      ...init,
      method: 'POST',
      headers: {
        ...init.headers,
        authorization: `Bearer ${clientKey}`,
        'content-type': 'application/json',
        'x-dimmer-sdk': `browser/${SDK_VERSION}`,
      },
      body: JSON.stringify(body),
    })
    const { status, headers } = response
    return {
      kind: answerKind(status),
      retryAfterMs: retryAfterMs(headers.get('retry-after')),
      etag: headers.get('etag'),
      body: status === 200 && (await response.json()),
    }
  } catch {
    return { kind: 'failed' }
  }
}
