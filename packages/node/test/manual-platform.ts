import type { Cancel } from '@dimmer/sdk-core'
import type { Platform } from '../src/platform.ts'

interface Timer {
  readonly at: number
  readonly run: () => void
  readonly keepAlive: boolean
}

/** Clock, timers and dice by hand; the network is real. */
export class ManualPlatform implements Platform {
  readonly fetch: typeof globalThis.fetch
  /** What `random` gives. */
  dice = 0
  #time = 1_700_000_000_000
  #ids = 0
  readonly #timers = new Set<Timer>()

  constructor(fetch: typeof globalThis.fetch = globalThis.fetch) {
    this.fetch = fetch
  }

  /** How far the clock of the day has been set forward, in ms. */
  jumped = 0

  readonly now = (): number => this.#time + this.jumped
  readonly monotonic = (): number => this.#time
  readonly random = (): number => this.dice
  readonly uuid = (): string => `manual-id-${++this.#ids}`

  readonly setTimer = (run: () => void, ms: number, keepAlive = false): Cancel => {
    const timer = { at: this.#time + ms, run, keepAlive }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Timers that are still to run. */
  get pending(): number {
    return this.#timers.size
  }

  /** How long until each timer, in ms, soonest first. */
  get waits(): readonly number[] {
    return [...this.#timers].map(timer => timer.at - this.#time).sort((a, b) => a - b)
  }

  /** Lets time go by and runs what falls due, in order. */
  advance(ms: number): void {
    const end = this.#time + ms
    for (;;) {
      const due = [...this.#timers].filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.#time = Math.max(this.#time, due.at)
      due.run()
    }
    this.#time = end
  }
}
