import type { ClientStreamEvent } from '@dimmer/protocol'
import { BackOff } from '@dimmer/sdk-core'
import { attempt } from './attempt.ts'
import { RETRY } from './retry.ts'
import type { EventSourceLike } from './types.ts'

const CLOSED = 2

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

/** Keeps one EventSource open. Returns a function that closes it for good. */
export function openLiveChannel(create: () => EventSourceLike, handlers: LiveChannelHandlers): () => void {
  let source: EventSourceLike | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const backOff = new BackOff(RETRY)

  const open = (): void => {
    const mine = create()
    source = mine
    mine.onopen = () => {
      backOff.up()
      handlers.onOpen()
    }
    mine.onmessage = ({ data }) => {
      const message = attempt((): unknown => JSON.parse(data))
      if (isVersion(message)) handlers.onVersion(message.version)
    }
    mine.onerror = () => {
      // After an error answer the browser gives up; after a broken connection it tries again by itself.
      const refused = mine.readyState === CLOSED
      if (refused) timer = setTimeout(open, backOff.next())
      handlers.onDown(refused)
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
