import type { EventBatch, ExposureCount, FirstExposure, Identify, Track } from '@dimmer/protocol'

/** A batch as it waits to be sent: everything but the time of sending. */
export type PendingBatch = Omit<EventBatch, 'sentAt'>

export interface EventBufferOptions {
  /** Most tracks, identifies and first exposures together. */
  readonly capacity: number
  /** Most entries of each list in one batch. */
  readonly batchSize: number
  readonly newBatchId: () => string
}

/**
 * Holds events until they are sent. When it is full the newest tracks go first, then nothing new gets in; counts
 * need next to no room and always get in.
 */
export class EventBuffer {
  readonly #options: EventBufferOptions
  #tracks: Track[] = []
  #identifies: Identify[] = []
  #firstExposures: FirstExposure[] = []
  #dropped = 0

  constructor(options: EventBufferOptions) {
    this.#options = options
  }

  /** Events that wait, counts left aside. */
  get size(): number {
    return this.#tracks.length + this.#identifies.length + this.#firstExposures.length
  }

  addTrack(track: Track): void {
    if (this.size < this.#options.capacity) this.#tracks.push(track)
    else this.#dropped++
  }

  addIdentify(identify: Identify): void {
    if (this.#makeRoom()) this.#identifies.push(identify)
    else this.#dropped++
  }

  /** False when there is no room. That is no loss: the same unit's next evaluation will be a first exposure again. */
  addFirstExposure(exposure: FirstExposure): boolean {
    const room = this.#makeRoom()
    if (room) this.#firstExposures.push(exposure)
    return room
  }

  /** Notes that events were lost elsewhere, to be told with the next batch. */
  noteDropped(events: number): void {
    this.#dropped += events
  }

  /** Everything that waits, in batches; empty when there is nothing to tell. */
  take(counts: readonly ExposureCount[]): PendingBatch[] {
    const { batchSize, newBatchId } = this.#options
    const lists = [counts, this.#firstExposures, this.#tracks, this.#identifies]
    const longest = Math.max(this.#dropped > 0 ? 1 : 0, ...lists.map(list => list.length))
    const batches: PendingBatch[] = []
    for (let start = 0; start < longest; start += batchSize) {
      const end = start + batchSize
      batches.push({
        batchId: newBatchId(),
        exposures: counts.slice(start, end),
        firstExposures: this.#firstExposures.slice(start, end),
        tracks: this.#tracks.slice(start, end),
        identifies: this.#identifies.slice(start, end),
        dropped: start === 0 ? this.#dropped : 0,
      })
    }
    this.#tracks = []
    this.#identifies = []
    this.#firstExposures = []
    this.#dropped = 0
    return batches
  }

  #makeRoom(): boolean {
    if (this.size < this.#options.capacity) return true
    if (this.#tracks.pop() === undefined) return false
    this.#dropped++
    return true
  }
}

/** How many events a batch carries. */
export function batchSize(batch: PendingBatch): number {
  return batch.exposures.length + batch.firstExposures.length + batch.tracks.length + batch.identifies.length
}

/**
 * A batch that was too large, as two with half of each list; undefined when no list has two entries. The new batches
 * have ids of their own: nothing of the old one was taken.
 */
export function halveBatch(batch: PendingBatch, newBatchId: () => string): readonly PendingBatch[] | undefined {
  const { exposures, firstExposures, tracks, identifies } = batch
  const longest = Math.max(exposures.length, firstExposures.length, tracks.length, identifies.length)
  if (longest < 2) return undefined
  const part = (second: boolean): PendingBatch => {
    const half = <T>(list: readonly T[]): T[] => {
      const middle = Math.ceil(list.length / 2)
      return second ? list.slice(middle) : list.slice(0, middle)
    }
    return {
      batchId: newBatchId(),
      exposures: half(exposures),
      firstExposures: half(firstExposures),
      tracks: half(tracks),
      identifies: half(identifies),
      dropped: second ? 0 : batch.dropped,
    }
  }
  return [part(false), part(true)]
}
