import { randomUUID } from 'node:crypto'
import type { Cancel } from '@dimmer/sdk-core'

/** Everything that the SDK takes from outside, so that tests can inject the clock, the dice and the network. */
export interface Platform {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  monotonic(): number
  /** 0 inclusive to 1 exclusive. */
  random(): number
  uuid(): string
  /** Runs `run` once after `ms`. The timer holds the process open only with `keepAlive`. */
  setTimer(run: () => void, ms: number, keepAlive?: boolean): Cancel
}

/** The platform as Node has it. */
export function nodePlatform(): Platform {
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    now: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    uuid: randomUUID,
    setTimer(run, ms, keepAlive = false) {
      const timer = setTimeout(run, ms)
      if (!keepAlive) timer.unref()
      return () => clearTimeout(timer)
    },
  }
}
