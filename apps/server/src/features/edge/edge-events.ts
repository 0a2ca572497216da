import type { EventBatch } from '@dimmer/protocol'
import { AppError } from '../../kernel/errors.ts'
import { fullJitter } from '../../kernel/full-jitter.ts'
import { steady } from '../../kernel/steady.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Upstream } from './upstream.ts'

/** What waits takes this many bytes at the most, as JSON. */
const CAPACITY_BYTES = 64 * 1024 * 1024
/** In one request: fewer than the server takes. */
const BATCHES = 50
const REQUEST_BYTES = 1024 * 1024
const TOGETHER_MS = 250
const RETRY = { baseMs: 500, capMs: 10_000 }

interface Waiting {
  readonly key: string
  readonly batch: EventBatch
  readonly bytes: number
  readonly receivedAt: number
}

export interface EdgeEventsDeps {
  readonly upstream: Upstream
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/**
 * Batches of events on their way to the server, many in one request. They keep their ids, so that none counts twice,
 * whoever repeats it. While the server is away they wait here; what no longer fits is left to the SDKs to keep.
 */
export class EdgeEvents {
  readonly #deps: EdgeEventsDeps
  #waiting: Waiting[] = []
  #bytes = 0
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()

  constructor(deps: EdgeEventsDeps) {
    this.#deps = deps
  }

  /** Batches that the server doesn't have yet. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Throws `unavailable` if there is no room. */
  take(key: string, batch: EventBatch): void {
    const bytes = Buffer.byteLength(JSON.stringify(batch))
    if (this.#bytes + bytes > CAPACITY_BYTES) {
      throw new AppError(
        'unavailable',
        'This edge has no room for more events while its server is away; send them later.',
      )
    }
    this.#bytes += bytes
    this.#waiting.push({ key, batch, bytes, receivedAt: this.#steady() })
    this.#plan(TOGETHER_MS)
  }

  /** Sends what waits, for so long at the most. */
  async close(patienceMs: number): Promise<void> {
    const until = this.#steady() + patienceMs
    clearTimeout(this.#timer)
    await this.#sending
    while (this.#waiting.length > 0 && this.#steady() < until) {
      if (!(await this.#sendSome())) break
    }
    clearTimeout(this.#timer)
    if (this.#waiting.length > 0) this.#deps.onError(new Error(`${this.#waiting.length} batches of events were lost`))
  }

  #steady(): number {
    return steady(this.#deps.clock).now()
  }

  #plan(ms: number): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#sending = this.#sendAll()
    }, ms)
    this.#timer.unref()
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (await this.#sendSome()) {
        this.#failures = 0
        continue
      }
      this.#plan(RETRY.baseMs / 2 + fullJitter(this.#failures, RETRY, Math.random))
      this.#failures += 1
      return
    }
  }

  /** The oldest, and others of the same key that fit in with it. False: the server is away. */
  async #sendSome(): Promise<boolean> {
    const some = this.#next()
    const [first] = some
    if (first === undefined) return true
    const now = this.#steady()
    // The time that it waited here is no error of the sender's clock.
    const batches = some.map(({ batch, receivedAt }) => ({ ...batch, sentAt: batch.sentAt + (now - receivedAt) }))
    const answer = await this.#deps.upstream.post('/sdk/v1/event-batches', first.key, { batches })
    if (answer.kind === 'away') return false
    if (answer.kind === 'refused') {
      this.#deps.onError(new Error(`the server refused ${some.length} batches of events with ${answer.status}`))
    }
    const done = new Set(some)
    this.#waiting = this.#waiting.filter(waiting => !done.has(waiting))
    for (const { bytes } of some) this.#bytes -= bytes
    return true
  }

  #next(): readonly Waiting[] {
    const key = this.#waiting[0]?.key
    const some: Waiting[] = []
    let bytes = 0
    for (const waiting of this.#waiting) {
      if (waiting.key !== key) continue
      if (some.length === BATCHES || (some.length > 0 && bytes + waiting.bytes > REQUEST_BYTES)) break
      some.push(waiting)
      bytes += waiting.bytes
    }
    return some
  }
}
