import { subscribe, unsubscribe } from 'node:diagnostics_channel'

const CHANNEL = 'undici:client:sendHeaders'

interface SentHeaders {
  readonly request: { readonly path: string }
  readonly socket: { unref(): void }
}

function isSentHeaders(message: unknown): message is SentHeaders {
  return typeof message === 'object' && message !== null && 'request' in message && 'socket' in message
}

/**
 * Runs `open`, a request of Node's own `fetch` whose path ends in `path`, so that its socket doesn't hold the process
 * open: a stream that is always on would otherwise keep every script from ending. With another `fetch` it changes
 * nothing.
 */
export async function withUnrefSocket(path: string, open: () => Promise<Response>): Promise<Response> {
  const unref = (message: unknown): void => {
    if (isSentHeaders(message) && message.request.path.endsWith(path)) message.socket.unref()
  }
  subscribe(CHANNEL, unref)
  try {
    return await open()
  } finally {
    unsubscribe(CHANNEL, unref)
  }
}
