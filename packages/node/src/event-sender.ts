import { BackOff } from './back-off.ts'
import { batchSize, type EventBuffer, halveBatch, type PendingBatch } from './event-buffer.ts'
import type { Exposures } from './exposures.ts'
import type { Cancel, Platform } from './platform.ts'
import { OnceKeys, type Report } from './problems.ts'
import type { Answer, SdkHttp } from './sdk-http.ts'

const PATH = '/sdk/v1/events'

export interface EventSenderDeps {
  readonly platform: Platform
  readonly http: SdkHttp
  readonly buffer: EventBuffer
  readonly exposures: Exposures
  readonly report: Report
  /** Time between two flushes, in ms. */
  readonly intervalMs: number
  readonly timeoutMs: number
  /** Flush at once when so many events wait. */
  readonly flushAt: number
}

/**
 * Sends events in batches, one at a time. A batch keeps its id until the server has answered, so that a retry after a
 * lost answer can't count twice.
 */
export class EventSender {
  readonly #deps: EventSenderDeps
  readonly #backOff: BackOff
  readonly #abort = new AbortController()
  #queue: PendingBatch[] = []
  #sending: Promise<void> | undefined
  #closing: Promise<void> | undefined
  #stopTimer: Cancel | undefined
  /** How long to wait before the next try; 0 while all is well. */
  #retryMs = 0
  #refused = false
  #said = new OnceKeys()

  constructor(deps: EventSenderDeps) {
    this.#deps = deps
    this.#backOff = new BackOff(deps.platform.random, { baseMs: 1_000, capMs: 30_000 })
    this.#wait()
  }

  /** False when there is no use in giving it more events: the server refused the key, or the client is closed. */
  get active(): boolean {
    return !this.#refused && this.#closing === undefined
  }

  /** Events that the server hasn't confirmed yet, counts that are still being added up left aside. */
  get waiting(): number {
    return this.#queue.reduce((sum, batch) => sum + batchSize(batch), this.#deps.buffer.size)
  }

  /** To be called after an event was added. */
  nudge(): void {
    const idle = this.#sending === undefined && this.#retryMs === 0
    if (idle && this.#deps.buffer.size >= this.#deps.flushAt) void this.flush()
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
    if (await this.#sendQueue()) {
      this.#queue = this.#deps.buffer.take(this.#deps.exposures.takeCounts())
      this.#reportDropped()
      await this.#sendQueue()
    }
    this.#wait()
  }

  /** False when a batch couldn't be delivered for now. */
  async #sendQueue(): Promise<boolean> {
    for (let batch = this.#queue[0]; batch !== undefined; batch = this.#queue[0]) {
      const answer = await this.#post(batch)
      if (answer.kind === 'failed') {
        this.#retryMs = Math.max(this.#backOff.next(), answer.retryAfterMs, 1)
        this.#problem('unreachable', `events cannot be sent at the moment: ${answer.message}`)
        return false
      }
      this.#queue.shift()
      this.#take(answer, batch)
    }
    return true
  }

  #take(answer: Exclude<Answer, { kind: 'failed' }>, batch: PendingBatch): void {
    switch (answer.kind) {
      case 'ok':
      case 'unchanged':
        this.#retryMs = 0
        this.#backOff.reset()
        this.#said = new OnceKeys()
        break
      case 'refused':
        this.#refused = true
        this.#queue = []
        this.#problem('refused', `the server refused the SDK key; no more events are sent: ${answer.message}`)
        break
      case 'rejected':
        this.#rejected(answer.status, answer.message, batch)
        break
    }
  }

  #rejected(status: number, message: string, batch: PendingBatch): void {
    const halves = status === 413 ? halveBatch(batch, this.#deps.platform.uuid) : undefined
    if (halves !== undefined) {
      this.#queue.unshift(...halves)
      return
    }
    this.#deps.buffer.noteDropped(batchSize(batch) + batch.dropped)
    this.#problem('events-dropped', `the server didn't take a batch of ${batchSize(batch)} events: ${message}`)
  }

  #reportDropped(): void {
    const dropped = this.#queue.reduce((sum, batch) => sum + batch.dropped, 0)
    if (dropped === 0) return
    const message = `${dropped} events were dropped: the buffer was full or the server didn't take them`
    this.#deps.report('warning', { code: 'events-dropped', message })
  }

  #problem(code: 'unreachable' | 'refused' | 'events-dropped', message: string): void {
    if (this.#said.isNew(message)) this.#deps.report('error', { code, message })
  }

  #post(batch: PendingBatch): Promise<Answer> {
    const { platform, http, timeoutMs } = this.#deps
    const body = { ...batch, sentAt: platform.now() }
    return http.exchange({ path: PATH, body, signal: this.#abort.signal, timeoutMs })
  }
}
