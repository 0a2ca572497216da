import { setTimeout as delay } from 'node:timers/promises'
import { type Postmaster, stopPostmaster } from './postmaster.ts'

/** A server that is kept running until `stop`. */
export type Supervised = {
  /** The number of the server process of the moment. */
  readonly pid: number
  /** Stops the server and the supervision; may be called again without harm. */
  stop(): Promise<void>
}

const firstPauseMs = 200
const longestPauseMs = 5_000

/** Starts the server again, on the same endpoint, whenever it ends without having been asked to. */
export function supervise(
  first: Postmaster,
  restart: () => Promise<Postmaster>,
  log: (message: string) => void,
): Supervised {
  const stopping = new AbortController()
  let server = first
  const watching = watch()
  let stopped: Promise<void> | undefined

  async function watch(): Promise<void> {
    for (;;) {
      await server.exited
      if (stopping.signal.aborted) return
      log('PostgreSQL ended unexpectedly; starting it again')
      const next = await bringBack()
      if (!next) return
      server = next
      log(`PostgreSQL runs again (process ${server.pid})`)
    }
  }

  async function bringBack(): Promise<Postmaster | undefined> {
    for (let pauseMs = firstPauseMs; !stopping.signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return await restart()
      } catch (error) {
        log(`${error}`)
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
    return undefined
  }

  async function stop(): Promise<void> {
    stopping.abort()
    // Twice, because a restart may have been under way.
    await stopPostmaster(server)
    await watching
    await stopPostmaster(server)
  }

  return {
    get pid() {
      return server.pid
    },
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}
