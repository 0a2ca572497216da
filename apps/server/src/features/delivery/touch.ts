import { steady } from '../../kernel/steady.ts'
import type { Clock } from '../../ports/clock.ts'

/** A database or a bus that is started anew is not worth alarming everybody. */
const LOST_AFTER_MS = 5_000

/**
 * Whether this node would have heard of every change. It compares with the database each second; while that is away,
 * changes of other nodes come over the bus, unless the bus was away too.
 */
export class Touch {
  readonly #clock: ReturnType<typeof steady>
  #comparedAt: number
  #gapAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = steady(clock)
    this.#comparedAt = this.#clock.now()
  }

  /** Begins a comparison; gives what to call when this node has all that was there when it began. */
  comparing(): () => void {
    const began = this.#clock.now()
    return () => {
      this.#comparedAt = Math.max(began, this.#comparedAt)
    }
  }

  /** Messages of the bus may be lost at the moment, or may have been since it was last asked. */
  gap(): void {
    this.#gapAt = this.#clock.now()
  }

  get lost(): boolean {
    return this.#gapAt >= this.#comparedAt && this.#clock.now() - this.#comparedAt >= LOST_AFTER_MS
  }
}
