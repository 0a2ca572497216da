import type { EventBatch, Track, UnitIds } from '@dimmer/protocol'
import { type Api, post, randomId } from './api.ts'
import { backOffMs } from './back-off.ts'
import type { BrowserContext, TrackOptions } from './types.ts'

const PATH = '/sdk/v1/events'
const FLUSH_AFTER_MS = 5_000
const FLUSH_AT = 50
const CAPACITY = 500
/** What is sent while the page is left may have 64 kB in all. */
const BATCH_SIZE = 100
const MAX_TEXT = 200
/** The server refuses a whole batch for one of these in it: NUL, half a surrogate pair. */
const BROKEN = /\0|\p{Surrogate}/gu
const UNIT_ATTRIBUTE = /^(account|user|organization|session|request)Id$/

type PendingBatch = Pick<EventBatch, 'batchId' | 'tracks' | 'dropped'>

/** Holds tracks and sends them in batches. A batch keeps its id until it is answered, so that it counts once. */
export interface EventQueue {
  add(name: string, context: BrowserContext, options: TrackOptions): void
  /** Sends all that waits, now, and so that it outlives the page. */
  leave(): void
  /** As `leave`, and what fails now is given up. */
  close(): void
}

const clip = (text: string): string => text.slice(0, MAX_TEXT).replace(BROKEN, '\ufffd')

function unitsOf(context: BrowserContext): UnitIds {
  const units: UnitIds = {}
  for (const [attribute, id] of Object.entries(context ?? {})) {
    const unit = UNIT_ATTRIBUTE.exec(attribute)?.[1]
    if (unit === undefined || !(typeof id === 'string' || Number.isSafeInteger(id))) continue
    const text = String(id)
    // An id that had to be changed would be another unit's.
    if (text !== '' && clip(text) === text) units[unit] = text
  }
  return units
}

/** The options that the server takes. A bad one is left out, because the rest still counts. */
function clean({ ok, ms, value, creates }: TrackOptions): TrackOptions {
  return {
    ...(typeof ok === 'boolean' && { ok }),
    ...(Number.isFinite(ms) && ms !== undefined && ms >= 0 && { ms }),
    ...(Number.isFinite(value) && value !== undefined && { value }),
    ...(typeof creates === 'string' && { creates: clip(creates) }),
  }
}

export function createEventQueue(api: Api): EventQueue {
  const tracks: Track[] = []
  let batches: PendingBatch[] = []
  let dropped = 0
  let failures = 0
  let sending = false
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const wait = (ms: number): void => {
    if (!closed) timer ??= setTimeout(flush, ms)
  }

  const settle = (batch: PendingBatch, status: number): void => {
    sending = false
    if (status === 0 || status === 408 || status === 429 || status >= 500) {
      wait(FLUSH_AFTER_MS + backOffMs(failures++))
      return
    }
    failures = 0
    batches = batches.filter(other => other !== batch)
    if (status >= 400) dropped += batch.tracks.length + batch.dropped
    if (tracks.length + batches.length > 0) wait(FLUSH_AFTER_MS)
  }

  const send = (batch: PendingBatch, keepalive: boolean): void => {
    sending = true
    post(api, PATH, { ...batch, sentAt: Date.now() }, { keepalive }).then(
      response => settle(batch, response.status),
      () => settle(batch, 0),
    )
  }

  const pack = (): void => {
    clearTimeout(timer)
    timer = undefined
    while (tracks.length > 0) {
      batches.push({ batchId: randomId(), tracks: tracks.splice(0, BATCH_SIZE), dropped })
      dropped = 0
    }
  }

  const flush = (): void => {
    pack()
    const batch = batches[0]
    if (batch !== undefined && !sending) send(batch, false)
  }

  const leave = (): void => {
    pack()
    for (const batch of batches) send(batch, true)
  }

  return {
    add(name, context, options) {
      closed = false
      const units = unitsOf(context)
      const waiting = batches.reduce((sum, batch) => sum + batch.tracks.length, tracks.length)
      const sendable = typeof name === 'string' && name !== '' && Object.keys(units).length > 0
      if (!sendable || waiting >= CAPACITY) {
        dropped++
        return
      }
      tracks.push({ ...clean(options), name: clip(name), at: Date.now(), units })
      if (tracks.length >= FLUSH_AT && failures === 0) flush()
      else wait(FLUSH_AFTER_MS)
    },
    leave,
    close() {
      closed = true
      leave()
    },
  }
}
