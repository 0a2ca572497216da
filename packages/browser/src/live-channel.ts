import { BackOff } from '@dimmer/sdk-core'
import { attempt } from './attempt.ts'
import { RETRY } from './retry.ts'
import type { EventSourceLike } from './types.ts'

/** What a `ClientStreamEvent` may have. */
interface Told {
  readonly version?: number
  readonly heartbeatMs?: number
  readonly cutOff?: boolean
  readonly again?: true
}

const CLOSED = 2
/** Longest wait for the first message, in ms. */
const CONNECT_MS = 20_000

export interface LiveChannelHandlers {
  /** True: nothing is heard, or the server itself may have missed something. */
  setDown(down: boolean): void
  /** Values may have changed: a rule began, or streams don't get through, so that asking is what is left. */
  recheck(): void
  /** The server has this ruleset version. */
  wants(version: number): void
}

/** One EventSource at a time. */
export interface LiveChannel {
  /** Opens it, if it isn't: at this address now, and at the last that was given later on. */
  open(address: string): void
  /** Closes it, until it is opened again. */
  close(): void
}

/** Keeps a stream open once it was opened. */
export function createLiveChannel(
  create: (address: string) => EventSourceLike,
  handlers: LiveChannelHandlers,
): LiveChannel {
  let latest: string
  let source: EventSourceLike | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const backOff = new BackOff(RETRY)

  const wait = (run: () => void, ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(run, ms)
  }

  const giveUp = (): void => {
    source?.close()
    // First of all: whoever is told may close this.
    wait(connect, backOff.next())
    handlers.setDown(true)
    handlers.recheck()
  }

  const connect = (): void => {
    const mine = create(latest)
    source = mine
    let silenceMs = CONNECT_MS
    wait(giveUp, silenceMs)
    mine.onmessage = ({ data }) => {
      const { version, heartbeatMs, cutOff, again } = attempt(() => JSON.parse(data) as Told) ?? {}
      if (heartbeatMs) silenceMs = 2 * heartbeatMs
      wait(giveUp, silenceMs)
      backOff.up()
      if (cutOff !== undefined) handlers.setDown(cutOff)
      if (version) handlers.wants(version)
      if (again) handlers.recheck()
    }
    mine.onerror = () => {
      // After a broken connection the browser tries again by itself; after an error answer it gives up.
      if (mine.readyState === CLOSED) giveUp()
      else handlers.setDown(true)
    }
  }

  return {
    open(address) {
      latest = address
      if (!source) connect()
    },
    close() {
      clearTimeout(timer)
      source?.close()
      source = undefined
    },
  }
}
