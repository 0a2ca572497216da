import type { ClientStreamEvent } from '@dimmer/protocol'
import { backOffMs } from './back-off.ts'
import type { EventSourceLike } from './types.ts'

const CLOSED = 2
const STABLE_AFTER_MS = 60_000

export interface LiveChannelHandlers {
  /** Open, for the first time or again: something may have been missed before. */
  onOpen(): void
  /** Broken; it will open again by itself. `refused`: by an answer of the server or of something in between. */
  onDown(refused: boolean): void
  /** The server has this ruleset version. */
  onVersion(version: number): void
}

function isVersion(message: unknown): message is ClientStreamEvent {
  return typeof message === 'object' && message !== null && 'version' in message && typeof message.version === 'number'
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return undefined
  }
}

/** Keeps one EventSource open. Returns a function that closes it for good. */
export function openLiveChannel(create: () => EventSourceLike, handlers: LiveChannelHandlers): () => void {
  let source: EventSourceLike | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0

  const open = (): void => {
    const mine = create()
    source = mine
    mine.onopen = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        attempt = 0
      }, STABLE_AFTER_MS)
      handlers.onOpen()
    }
    mine.onmessage = ({ data }) => {
      const message = parse(data)
      if (isVersion(message)) handlers.onVersion(message.version)
    }
    mine.onerror = () => {
      clearTimeout(timer)
      // After an error answer the browser gives up; after a broken connection it tries again by itself.
      const refused = mine.readyState === CLOSED
      if (refused) timer = setTimeout(open, backOffMs(attempt++))
      handlers.onDown(refused)
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
