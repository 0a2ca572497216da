import { type Now, steady } from './steady.ts'

export interface RateRule {
  /** So many at once. */
  readonly burst: number
  /** And then one more each so many ms. */
  readonly everyMs: number
}

/** As many keys are remembered; who fills it with others only makes it forget the longest unused. */
const MAX_KEYS = 50_000

/**
 * Counts what each key does, as a bucket of tokens: `burst` at once, then one more every `everyMs`. In the memory of
 * one node.
 */
export class RateLimit {
  readonly #clock: ReturnType<typeof steady>
  readonly #rule: RateRule
  /** When the bucket of each key will be full again, in ms; the longest unused first. */
  readonly #fullAt = new Map<string, number>()

  constructor(clock: Now, rule: RateRule) {
    this.#clock = steady(clock)
    this.#rule = rule
  }

  /** How long the key has to wait before it may, in ms; 0: not at all. Takes nothing. */
  wait(key: string): number {
    const { burst, everyMs } = this.#rule
    const now = this.#clock.now()
    const missing = Math.max(0, (this.#fullAt.get(key) ?? now) - now)
    return Math.max(0, missing - (burst - 1) * everyMs)
  }

  /** Takes one if there is one: 0. Else gives how long to wait, in ms. */
  take(key: string): number {
    const wait = this.wait(key)
    if (wait > 0) return wait
    const now = this.#clock.now()
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? now) + this.#rule.everyMs
    this.#fullAt.delete(key)
    this.#fullAt.set(key, fullAt)
    const oldest = this.#fullAt.keys().next().value
    if (this.#fullAt.size > MAX_KEYS && oldest !== undefined) this.#fullAt.delete(oldest)
    return 0
  }

  /** What was taken last counts for nothing. */
  giveBack(key: string): void {
    const fullAt = this.#fullAt.get(key)
    if (fullAt !== undefined) this.#fullAt.set(key, fullAt - this.#rule.everyMs)
  }

  /** The key begins anew. */
  forget(key: string): void {
    this.#fullAt.delete(key)
  }
}
