/** How to reach the server. */
export interface Api {
  readonly url: string
  readonly clientKey: string
  readonly instanceId: string
  readonly fetch: typeof globalThis.fetch
}

/** Version of this package; a test keeps it equal to package.json. */
export const SDK_VERSION = '0.1.0'

/** A random id. `crypto.randomUUID` is missing in pages that didn't come over https. */
export function randomId(): string {
  const part = (): string => Math.random().toString(36).slice(2)
  return part() + part()
}

/** POSTs JSON. Throws what `fetch` throws. */
export function post(api: Api, path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return api.fetch(api.url + path, {
    ...init,
    method: 'POST',
    headers: {
      ...init.headers,
      authorization: `Bearer ${api.clientKey}`,
      'content-type': 'application/json',
      'x-dimmer-instance': api.instanceId,
      'x-dimmer-sdk': `browser/${SDK_VERSION}`,
    },
    body: JSON.stringify(body),
  })
}
