import type { BackOff } from './back-off.ts'
import type { AnswerKind } from './http-answer.ts'

/** Events that are sent together. It keeps its id until the server has answered, so that a retry can't count twice. */
export interface Batch<Event> {
  readonly batchId: string
  readonly events: readonly Event[]
  /** Events lost before these. */
  readonly dropped: number
}

/** What became of a batch. */
export interface Delivery<Event> {
  readonly kind: AnswerKind
  readonly retryAfterMs?: number
  /** What to send in its place. */
  readonly instead?: readonly Batch<Event>[]
}

export interface BatchQueueOptions<Event> {
  /** Most events that may wait. */
  readonly capacity: number
  /** Most events in one batch. */
  readonly batchSize: number
  readonly newBatchId: () => string
  readonly backOff: BackOff
  /** Never rejects. */
  readonly post: (batch: Batch<Event>) => Promise<Delivery<Event>>
}

/** Holds events until the server has them, sends them in batches, and counts what it had to drop. */
export class BatchQueue<Event> {
  readonly #options: BatchQueueOptions<Event>
  #events: Event[] = []
  #batches: Batch<Event>[] = []
  #dropped = 0

  constructor(options: BatchQueueOptions<Event>) {
    this.#options = options
  }

  /** Events that the server hasn't confirmed. */
  get size(): number {
    return this.#batches.reduce((sum, { events }) => sum + events.length, this.#events.length)
  }

  /**
   * False when there is no room. That is not counted: the caller knows whether it is a loss. `makeRoom` drops one of the
   * events that wait, which is counted; it gives false if there is none to spare.
   */
  add(event: Event, makeRoom?: (events: Event[]) => boolean): boolean {
    if (this.size >= this.#options.capacity) {
      if (!makeRoom?.(this.#events)) return false
      this.#dropped++
    }
    this.#events.push(event)
    return true
  }

  /** Notes that events were lost, to be told with the next batch. */
  noteDropped(events: number): void {
    this.#dropped += events
  }

  /** Puts into batches all that waits, and `more`, which has no limit. */
  pack(more: readonly Event[] = []): void {
    const { batchSize, newBatchId } = this.#options
    const events = [...more, ...this.#events]
    this.#events = []
    while (events.length + this.#dropped > 0) {
      this.#batches.push({ batchId: newBatchId(), events: events.splice(0, batchSize), dropped: this.#dropped })
      this.#dropped = 0
    }
  }

  /** Sends the batches, oldest first, one at a time. Resolves with how long to wait then, in ms; 0: all are sent. */
  async drain(): Promise<number> {
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      const wait = await this.#send(batch)
      if (wait > 0) return wait
    }
    return 0
  }

  /** Sends all batches at once, for the last chance there is. Resolves as `drain`. */
  async sendAll(): Promise<number> {
    return Math.max(0, ...(await Promise.all(this.#batches.map(batch => this.#send(batch)))))
  }

  async #send(batch: Batch<Event>): Promise<number> {
    const { post, backOff } = this.#options
    const { kind, retryAfterMs = 0, instead = [] } = await post(batch)
    if (kind === 'failed') return Math.max(backOff.next(retryAfterMs), 1)
    backOff.reset()
    const index = this.#batches.indexOf(batch)
    // When it was sent twice, the other answer may have come first.
    if (index >= 0) {
      this.#batches.splice(index, 1, ...instead)
      if (kind === 'rejected' && instead.length === 0) this.#dropped += batch.events.length + batch.dropped
    }
    if (kind === 'refused') this.#batches = []
    return 0
  }
}

/** A batch in two; empty when it has one event. The halves have ids of their own: nothing of the whole was taken. */
export function halveBatch<Event>({ batchId, events, dropped }: Batch<Event>): readonly Batch<Event>[] {
  if (events.length < 2) return []
  const middle = Math.ceil(events.length / 2)
  return [
    { batchId: `${batchId}.0`, events: events.slice(0, middle), dropped },
    { batchId: `${batchId}.1`, events: events.slice(middle), dropped: 0 },
  ]
}
