/** Requests of one sender: so many at once, and so many a second in the long run. */
export interface RateLimitOptions {
  readonly burst: number
  readonly perSecond: number
  /** Epoch ms. */
  readonly now: () => number
}

interface Bucket {
  tokens: number
  at: number
}

/** Senders beyond these push out those that were quiet for longest. */
const MAX_SENDERS = 20_000

/** A token bucket for each sender. */
export class RateLimit {
  readonly #options: RateLimitOptions
  readonly #buckets = new Map<string, Bucket>()

  constructor(options: RateLimitOptions) {
    this.#options = options
  }

  /** 0: go on. Else how many whole seconds the sender must wait, at least 1. */
  take(sender: string): number {
    const { burst, perSecond, now } = this.#options
    const at = now()
    const before = this.#buckets.get(sender) ?? { tokens: burst, at }
    const gained = (Math.max(0, at - before.at) / 1_000) * perSecond
    const tokens = Math.min(burst, before.tokens + gained)
    const admitted = tokens >= 1
    this.#buckets.delete(sender)
    this.#buckets.set(sender, { tokens: admitted ? tokens - 1 : tokens, at })
    const quietest = this.#buckets.keys().next().value
    if (this.#buckets.size > MAX_SENDERS && quietest !== undefined) this.#buckets.delete(quietest)
    return admitted ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond))
  }
}
