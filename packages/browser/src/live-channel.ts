import type { ClientStreamEvent } from '@dimmer/protocol'
import { BackOff } from '@dimmer/sdk-core'
import { attempt } from './attempt.ts'
import { RETRY } from './retry.ts'
import type { EventSourceLike } from './types.ts'

const CLOSED = 2

export interface LiveChannelHandlers {
  /** Open, for the first time or again: something may have been missed before. */
  comeUp(): void
  /** Broken; it will open again by itself. */
  goDown(): void
  /** Streams don't get through, at this attempt: asking is what is left. */
  recheck(): void
  /** The server has this ruleset version. */
  wants(version: number): void
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
      handlers.comeUp()
    }
    mine.onmessage = ({ data }) => {
      const version: unknown = attempt(() => (JSON.parse(data) as ClientStreamEvent).version)
      if (typeof version === 'number') handlers.wants(version)
    }
    mine.onerror = () => {
      handlers.goDown()
      // After a broken connection the browser tries again by itself; after an error answer it gives up.
      if (mine.readyState !== CLOSED) return
      timer = setTimeout(open, backOff.next())
      handlers.recheck()
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
