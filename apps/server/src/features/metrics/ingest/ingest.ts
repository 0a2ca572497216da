import type { EventBatch } from '@dimmer/protocol'
import type { SdkCaller } from '../../../http/caller.ts'
import { type Db, fromDatabaseError } from '../../../kernel/database.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Clock } from '../../../ports/clock.ts'
import { EventNames } from './event-names.ts'
import { EventPartitions } from './event-partitions.ts'
import { eventsIn, type ReceivedBatch, shiftTo } from './ingest-rules.ts'
import { writeBatches } from './write-batches.ts'

interface IngestOptions {
  readonly db: Db
  readonly clock: Clock
}

/** One request that waits for its commit. */
interface Waiting {
  readonly received: ReceivedBatch
  readonly events: number
  readonly done: (duplicate: boolean) => void
  readonly failed: (error: unknown) => void
}

/** Most events in one commit: more of them only make each wait longer. */
const MOST_EVENTS_AT_ONCE = 10_000
const MOST_BATCHES_AT_ONCE = 500
/** While one commit waits for the disk, the next is prepared. */
const COMMITS_AT_ONCE = 2
/** More events than this don't wait: their senders are told to come again. Some 100 MB. */
const MOST_WAITING = 200_000

/**
 * Takes batches of events and commits them together: what arrives during a commit goes into the next one, so that the
 * number of commits doesn't grow with the number of senders. A batch is confirmed after its commit, never before.
 */
export class Ingest {
  readonly partitions: EventPartitions
  readonly #options: IngestOptions
  readonly #names = new EventNames()
  #queue: Waiting[] = []
  #waitingEvents = 0
  #committing = 0

  constructor(options: IngestOptions) {
    this.#options = options
    this.partitions = new EventPartitions(options.db)
  }

  /**
   * Stores a batch, all of it or nothing, once: a batch whose id is known changes nothing. When it resolves, the batch
   * is on disk.
   */
  take(
    caller: Pick<SdkCaller, 'environmentId' | 'projectId'>,
    batch: EventBatch,
  ): Promise<{ readonly duplicate: boolean }> {
    const { environmentId, projectId } = caller
    const receivedAt = this.#options.clock.now()
    const received = { environmentId, projectId, receivedAt, batch: shiftTo(batch, receivedAt) }
    const events = eventsIn(batch)
    if (this.#waitingEvents > 0 && this.#waitingEvents + events > MOST_WAITING) {
      throw new AppError('unavailable', 'More events arrive than can be stored at the moment; try again.')
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ received, events, done: duplicate => resolve({ duplicate }), failed: reject })
      this.#waitingEvents += events
      this.#commitNext()
    })
  }

  #commitNext(): void {
    if (this.#committing >= COMMITS_AT_ONCE || this.#queue.length === 0) return
    const group = this.#nextGroup()
    this.#committing++
    void this.#commit(group).finally(() => {
      this.#committing--
      this.#waitingEvents -= group.reduce((sum, { events }) => sum + events, 0)
      this.#commitNext()
    })
  }

  #nextGroup(): readonly Waiting[] {
    let events = 0
    let size = 0
    for (const waiting of this.#queue) {
      events += waiting.events
      if (size > 0 && (events > MOST_EVENTS_AT_ONCE || size >= MOST_BATCHES_AT_ONCE)) break
      size++
    }
    return this.#queue.splice(0, size)
  }

  /** Never rejects: each of the group is told. */
  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const duplicates = await this.#write(group.map(({ received }) => received))
      for (const [index, waiting] of group.entries()) waiting.done(duplicates[index] === true)
    } catch (thrown) {
      const error = fromDatabaseError(thrown)
      const [only] = group
      if (group.length === 1) only?.failed(error)
      // One of them has something that only PostgreSQL notices: the others must not suffer for it.
      else if (error instanceof AppError && error.code === 'invalid-request') await this.#commitOneByOne(group)
      else for (const waiting of group) waiting.failed(error)
    }
  }

  async #commitOneByOne(group: readonly Waiting[]): Promise<void> {
    for (const waiting of group) await this.#commit([waiting])
  }

  async #write(batches: readonly ReceivedBatch[]): Promise<readonly boolean[]> {
    const now = this.#options.clock.now()
    const day = await this.partitions.ensure(now)
    const { duplicates, nameIds } = await this.#options.db
      .transaction()
      .execute(tx => writeBatches({ tx, names: this.#names, day, now }, batches))
    this.#names.remember(nameIds)
    return duplicates
  }
}
