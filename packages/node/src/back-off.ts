export interface BackOffOptions {
  /** Upper end of the first delay, in ms. */
  readonly baseMs: number
  /** Upper end of any delay, in ms. */
  readonly capMs: number
}

/** Delays with full jitter: a random time up to a ceiling that doubles with each attempt. */
export class BackOff {
  readonly #random: () => number
  readonly #options: BackOffOptions
  #attempt = 0

  constructor(random: () => number, options: BackOffOptions) {
    this.#random = random
    this.#options = options
  }

  /** How long to wait before the next attempt, in ms. */
  next(): number {
    const { baseMs, capMs } = this.#options
    return this.#random() * Math.min(capMs, baseMs * 2 ** this.#attempt++)
  }

  /** A delay like the very first one, that doesn't count as an attempt. */
  quick(): number {
    return this.#random() * this.#options.baseMs
  }

  reset(): void {
    this.#attempt = 0
  }
}
