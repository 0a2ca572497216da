import type { Track, UnitIds } from '@dimmer/protocol'
import { BackOff, BatchQueue, cleanText, goodTrackOptions, isSendableText, type TrackOptions } from '@dimmer/sdk-core'
import { type Api, ask, randomId } from './api.ts'
import { RETRY } from './retry.ts'
import type { BrowserContext } from './types.ts'

const PATH = '/sdk/v1/events'
const FLUSH_AFTER_MS = 5_000
const FLUSH_AT = 50
const CAPACITY = 500
/** What is sent while the page is left may have 64 kB in all. */
const BATCH_SIZE = 100
const UNIT_ATTRIBUTE = /^(account|user|organization|session|request)Id$/

/** Holds tracks and sends them in batches. A batch keeps its id until it is answered, so that it counts once. */
export interface EventQueue {
  add(name: string, context: BrowserContext | null, options: TrackOptions): void
  /** Sends all that waits, now, and so that it outlives the page. */
  leave(): void
  /** As `leave`, and what fails now is given up. */
  close(): void
}

function unitsOf(context: BrowserContext | null): UnitIds {
  const units: UnitIds = {}
  for (const [attribute, id] of Object.entries(context ?? {})) {
    const unit = UNIT_ATTRIBUTE.exec(attribute)?.[1]
    const text: unknown = Number.isSafeInteger(id) ? String(id) : id
    // An id that had to be changed would be another unit's.
    if (unit && text && isSendableText(text)) units[unit] = text
  }
  return units
}

/** `onRejected` is called when the server will never take some tracks. */
export function createEventQueue(api: Api, onRejected: () => void): EventQueue {
  let sending = false
  let leaving = false
  let closed = false
  let retryMs = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const queue = new BatchQueue<Track>({
    capacity: CAPACITY,
    batchSize: BATCH_SIZE,
    newBatchId: randomId,
    backOff: new BackOff(RETRY),
    async post({ events, ...batch }) {
      const answer = await ask(api, PATH, { ...batch, tracks: events, sentAt: Date.now() }, { keepalive: leaving })
      if (answer.kind === 'rejected') onRejected()
      return answer
    },
  })

  const wait = (): void => {
    if (!closed) timer ??= setTimeout(flush, FLUSH_AFTER_MS + retryMs)
  }

  const pack = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (queue.size) queue.pack()
  }

  const settle = (ms: number): void => {
    sending = false
    retryMs = ms
    if (queue.size) wait()
  }

  const flush = (): void => {
    pack()
    if (sending) return
    sending = true
    void queue.drain().then(settle)
  }

  const leave = (): void => {
    pack()
    leaving = true
    void queue.sendAll().then(settle)
    leaving = false
  }

  return {
    add(name, context, options) {
      closed = false
      const units = unitsOf(context)
      const { signedContext } = context ?? {}
      const sendable = name && typeof name === 'string' && Object.keys(units)[0]
      if (
        !sendable ||
        !queue.add({
          ...goodTrackOptions(options),
          ...(signedContext && { signedContext }),
          name: cleanText(name),
          at: Date.now(),
          units,
        })
      )
        queue.noteDropped(1)
      else if (queue.size >= FLUSH_AT && !retryMs) flush()
      else wait()
    },
    leave,
    close() {
      closed = true
      leave()
    },
  }
}
