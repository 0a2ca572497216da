import type { EventsAnswer, ExposureCount, FirstExposure } from '@dimmer/protocol'
import { BackOff, type Batch, BatchQueue, type Cancel, type Delivery, halveBatch, RECONNECT } from '@dimmer/sdk-core'
import { parseJson } from './parse-json.ts'
import type { Platform } from './platform.ts'
import { OnceKeys, type Report } from './problems.ts'
import { dropNewestTrack, type SdkEvent, toWire } from './sdk-event.ts'
import type { Answer, SdkHttp } from './sdk-http.ts'

const PATH = '/sdk/v1/events'
/** Most events in one batch; so many waiting events are sent at once. */
const BATCH_SIZE = 1_000

/** What the server said that it didn't take; something in between may answer in its own words. */
const refusedIn = (text: string): EventsAnswer['refused'] =>
  (parseJson(text) as EventsAnswer | null | undefined)?.refused

export interface EventSenderDeps {
  readonly platform: Platform
  readonly http: SdkHttp
  /** The counts since the last call. */
  readonly takeCounts: () => readonly ExposureCount[]
  readonly report: Report
  /** Time between two flushes, in ms. */
  readonly intervalMs: number
  readonly timeoutMs: number
  /** Most tracks, identifies and first exposures that may wait. */
  readonly capacity: number
}

/** Holds events and sends them: at intervals, when much waits, when told to, and at the end. */
export class EventSender {
  readonly #deps: EventSenderDeps
  readonly #abort = new AbortController()
  readonly #queue: BatchQueue<SdkEvent>
  #sending: Promise<void> | undefined
  #closing: Promise<void> | undefined
  #stopTimer: Cancel | undefined
  /** How long to wait before the next try; 0 while all is well. */
  #retryMs = 0
  #refused = false
  /** The last batch whose losses were reported. */
  #toldOf: string | undefined
  #said = new OnceKeys()

  constructor(deps: EventSenderDeps) {
    this.#deps = deps
    const { random, monotonic: now, uuid: newBatchId } = deps.platform
    this.#queue = new BatchQueue({
      capacity: deps.capacity,
      batchSize: BATCH_SIZE,
      newBatchId,
      backOff: new BackOff({ random, now, ...RECONNECT }),
      post: batch => this.#post(batch),
    })
    this.#wait()
  }

  /** False when there is no use in giving it more events: the server refused the key, or the client is closed. */
  get active(): boolean {
    return !this.#refused && this.#closing === undefined
  }

  /** Events that the server hasn't confirmed yet, counts that are still being added up left aside. */
  get waiting(): number {
    return this.#queue.size
  }

  /** A track gets in while there is room; the others can take the place of one. */
  add(event: SdkEvent): void {
    if (!this.#queue.add(event, event.track === undefined ? dropNewestTrack : undefined)) this.#queue.noteDropped(1)
    const idle = this.#sending === undefined && this.#retryMs === 0
    if (idle && this.waiting >= BATCH_SIZE) void this.flush()
  }

  /** False when there is no room. That is no loss: the same unit's next evaluation will be a first exposure again. */
  addFirstExposure(firstExposure: FirstExposure): boolean {
    return this.#queue.add({ firstExposure }, dropNewestTrack)
  }

  /** Notes that events were lost elsewhere. */
  noteDropped(events: number): void {
    this.#queue.noteDropped(events)
  }

  /** Tries to send all there is. Resolves when the server has it or the try has failed; never rejects. */
  async flush(): Promise<void> {
    // What is under way may have begun before the newest event.
    if (this.#sending !== undefined) await this.#sending
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined
    })
    await this.#sending
  }

  /** Flushes, and tries again for at most `timeoutMs`; then whatever is left is given up. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#finish(timeoutMs)
    return this.#closing
  }

  async #finish(timeoutMs: number): Promise<void> {
    const { platform, report } = this.#deps
    this.#stopTimer?.()
    const stop = platform.setTimer(() => this.#abort.abort(), timeoutMs, true)
    await this.flush()
    while (this.waiting > 0 && !this.#abort.signal.aborted) {
      await this.#pause(this.#retryMs)
      await this.flush()
    }
    stop()
    const left = this.waiting
    if (left > 0) report('warning', { code: 'events-dropped', message: `closed with ${left} events not sent` })
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const stop = this.#deps.platform.setTimer(resolve, ms, true)
      this.#abort.signal.addEventListener('abort', () => {
        stop()
        resolve()
      })
    })
  }

  #wait(): void {
    this.#stopTimer?.()
    if (!this.active) return
    const ms = this.#retryMs > 0 ? this.#retryMs : this.#deps.intervalMs
    this.#stopTimer = this.#deps.platform.setTimer(() => void this.flush(), ms)
  }

  async #drain(): Promise<void> {
    this.#retryMs = await this.#queue.drain()
    // Only now: while batches wait, the counts go on adding up.
    if (this.#retryMs === 0) {
      this.#queue.pack(this.#deps.takeCounts().map(exposure => ({ exposure })))
      this.#retryMs = await this.#queue.drain()
    }
    this.#wait()
  }

  #take(answer: Answer, { events }: Batch<SdkEvent>): void {
    switch (answer.kind) {
      case 'ok':
        this.#said = new OnceKeys()
        this.#tellOfRefused(answer.text)
        break
      case 'unchanged':
        this.#said = new OnceKeys()
        break
      case 'refused':
        this.#refused = true
        this.#problem('refused', `the server refused the SDK key; no more events are sent: ${answer.message}`)
        break
      case 'failed':
        this.#problem('unreachable', `events cannot be sent at the moment: ${answer.message}`)
        break
      case 'rejected':
        this.#problem('events-dropped', `the server didn't take a batch of ${events.length} events: ${answer.message}`)
        break
    }
  }

  /** The server took the batch without some of its events. */
  #tellOfRefused(text: string): void {
    const refused = refusedIn(text)
    if (refused === undefined) return
    const reasons = refused.details.map(({ path, message }) => `${path}: ${message}`).join('; ')
    this.#problem('events-dropped', `the server didn't take ${refused.count} events of a batch: ${reasons}`)
  }

  #reportDropped({ batchId, dropped }: Batch<SdkEvent>): void {
    if (dropped === 0 || this.#toldOf === batchId) return
    this.#toldOf = batchId
    const message = `${dropped} events were dropped: the buffer was full or the server didn't take them`
    this.#deps.report('warning', { code: 'events-dropped', message })
  }

  #problem(code: 'unreachable' | 'refused' | 'events-dropped', message: string): void {
    if (this.#said.isNew(message)) this.#deps.report('error', { code, message })
  }

  async #post(batch: Batch<SdkEvent>): Promise<Delivery<SdkEvent>> {
    const { platform, http, timeoutMs } = this.#deps
    this.#reportDropped(batch)
    const body = toWire(batch, platform.now())
    const answer = await http.exchange({ path: PATH, body, signal: this.#abort.signal, timeoutMs })
    const instead = answer.kind === 'rejected' && answer.status === 413 ? halveBatch(batch) : []
    if (instead.length === 0) this.#take(answer, batch)
    return { ...answer, instead }
  }
}
