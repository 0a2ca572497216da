import type { LiveEvent } from '@dimmer/protocol'
import { parseLiveEvent } from './live-events.ts'

/** What a stream reports. After `ended` it says nothing more. */
export interface StreamListeners {
  readonly opened: () => void
  readonly message: (data: string) => void
  readonly ended: () => void
}

/** Opens a stream; gives back how to close it. */
export type OpenStream = (listeners: StreamListeners) => () => void

export interface LiveOptions {
  readonly open: OpenStream
  readonly onEvent: (event: LiveEvent) => void
  /** `true` each time the stream comes (back), `false` when it is lost. */
  readonly onLive: (live: boolean) => void
  /** Runs `task` in `ms`; gives back how to call it off. */
  readonly after: (ms: number, task: () => void) => () => void
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 15_000

/** Keeps a live stream open: opens a new one when it ends, waiting longer each time. Answers with how to stop. */
export function connectLive({ open, onEvent, onLive, after }: LiveOptions): () => void {
  let close: () => void
  let cancelRetry: (() => void) | undefined
  let retryMs = FIRST_RETRY_MS

  const connect = (): void => {
    close = open({
      opened: () => {
        retryMs = FIRST_RETRY_MS
        onLive(true)
      },
      message: data => {
        const event = parseLiveEvent(data)
        if (event !== undefined) onEvent(event)
      },
      ended: () => {
        onLive(false)
        cancelRetry = after(retryMs, connect)
        retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
      },
    })
  }

  connect()
  return () => {
    cancelRetry?.()
    close()
  }
}
