export interface BackOffOptions {
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number
  /** Milliseconds on any clock. */
  readonly now: () => number
  /** Upper end of the first delay, in ms. */
  readonly baseMs: number
  /** Upper end of any delay, in ms. */
  readonly capMs: number
  /** How long a stream must hold before the next failure counts as the first, in ms. */
  readonly stableAfterMs: number
}

/** Delays with full jitter: a random time up to a ceiling that doubles with each attempt. */
export class BackOff {
  readonly #options: BackOffOptions
  #attempt = 0
  #upSince: number | undefined

  constructor(options: BackOffOptions) {
    this.#options = options
  }

  /** How long to wait before the next attempt, in ms. */
  next(): number {
    const { random, now, baseMs, capMs, stableAfterMs } = this.#options
    if (this.#upSince !== undefined && now() - this.#upSince >= stableAfterMs) this.reset()
    this.#upSince = undefined
    return random() * Math.min(capMs, baseMs * 2 ** this.#attempt++)
  }

  /** A stream is up. That it opened proves nothing: only one that has held for a while makes the delays short again. */
  up(): void {
    this.#upSince ??= this.#options.now()
  }

  /** A request was answered. */
  reset(): void {
    this.#attempt = 0
  }
}
