export interface BackOffTimes {
  /** Upper end of the first delay, in ms; of the later ones, what the time away is added to. */
  readonly baseMs: number
  /** Upper end of any delay, in ms. */
  readonly capMs: number
  /** How long a stream must hold before the next failure counts as the first, in ms. */
  readonly stableAfterMs: number
}

export interface BackOffOptions extends BackOffTimes {
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number
}

/** How every SDK spaces its attempts to reach the server. */
export const RECONNECT: BackOffTimes = { baseMs: 1_000, capMs: 30_000, stableAfterMs: 60_000 }

/**
 * Delays with full jitter: a random time up to a ceiling. The ceiling is the base and the time since the first failure:
 * everybody is back within about the time that the server was away. Were it to double with each attempt, those who drew
 * short delays would wait longest, and some would come back 25 s after an outage of 3 s.
 */
export class BackOff {
  readonly #options: BackOffOptions
  /** Since the first failure, without the times up. */
  #awayMs = 0
  #failedAt: number | undefined
  #upSince: number | undefined

  constructor(options: BackOffOptions) {
    this.#options = options
  }

  /** How long to wait before the next attempt, in ms. `atLeastMs`: what the server asked for; chance comes on top. */
  next(atLeastMs = 0): number {
    const { random, now, baseMs, capMs, stableAfterMs } = this.#options
    const at = now()
    if (this.#upSince !== undefined && at - this.#upSince >= stableAfterMs) this.reset()
    if (this.#failedAt !== undefined) this.#awayMs += (this.#upSince ?? at) - this.#failedAt
    this.#upSince = undefined
    this.#failedAt = at
    return atLeastMs + random() * Math.min(capMs, baseMs + this.#awayMs)
  }

  /** A stream is up. That it opened proves nothing: only one that has held for a while makes the delays short again. */
  up(): void {
    this.#upSince ??= this.#options.now()
  }

  /** A request was answered. */
  reset(): void {
    this.#awayMs = 0
    this.#failedAt = undefined
  }
}
