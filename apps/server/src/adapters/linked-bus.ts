import { setTimeout as delay } from 'node:timers/promises'
import { fullJitter } from '../kernel/full-jitter.ts'
import type { Bus } from '../ports/bus.ts'
import { BusListeners, type ReportError, warn } from './bus-listeners.ts'

/** One connection to a server that passes texts to everybody connected to it, the sender included. */
export interface Link {
  send(text: string): Promise<void>
  /** Resolves when the connection is gone; never rejects. */
  readonly lost: Promise<void>
}

/**
 * Connects; `receive` gets each text from then on, in the order of sending. The signal ends the connection at once,
 * also one that is not made yet or no longer answers.
 */
export type OpenLink = (receive: (text: string) => void, signal: AbortSignal) => Promise<Link>

/** What a bus over a server may be given, all optional: reporting, and for tests the time. */
export interface LinkedBusOptions {
  readonly report?: ReportError
  readonly random?: () => number
  /** Rejects when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

const reconnectBounds = { baseMs: 100, capMs: 5_000 }
const heartbeatMs = 10_000
const openTimeoutMs = 10_000
const echoTimeoutMs = 5_000

/**
 * A bus over a connection that may break: it is made again after a random pause that grows with each failure, and then
 * the gap handlers are called. An echo to ourselves, at the start and then every 10 s, proves that messages really
 * pass; without it, a connection that died silently or a pooler that drops subscriptions would look healthy.
 */
export class LinkedBus implements Bus {
  readonly #open: OpenLink
  readonly #report: ReportError
  readonly #random: () => number
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<unknown>
  readonly #listeners: BusListeners
  readonly #closing = new AbortController()
  readonly #echoes = new Map<string, () => void>()
  readonly #running: Promise<void>
  readonly #triedOnce: Promise<void>
  #endFirstTry: () => void = () => undefined
  #link: Link | undefined
  #failures = 0
  #reported = false

  constructor(open: OpenLink, options: LinkedBusOptions) {
    this.#open = open
    this.#report = options.report ?? warn
    this.#random = options.random ?? Math.random
    this.#wait = options.wait ?? ((ms, signal) => delay(ms, undefined, { signal }))
    this.#listeners = new BusListeners(this.#report)
    this.#triedOnce = new Promise(resolve => {
      this.#endFirstTry = resolve
    })
    this.#running = this.#keepLinked()
  }

  async publish(channel: string, message: string): Promise<void> {
    this.#assertOpen()
    await this.#triedOnce
    if (!this.#link) throw new Error('The bus is down: the message was not sent')
    await this.#link.send(`m${channel}\n${message}`)
  }

  async subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>> {
    this.#assertOpen()
    const remove = this.#listeners.add(channel, handler)
    await this.#triedOnce
    return async () => remove()
  }

  onGap(handler: () => void): () => void {
    return this.#listeners.addGap(handler)
  }

  health(): 'up' | 'down' {
    return this.#link ? 'up' : 'down'
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
    this.#listeners.clear()
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw new Error('The bus is closed')
  }

  async #keepLinked(): Promise<void> {
    const { signal } = this.#closing
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await this.#linkOnce(attempt > 1)
      } catch (error) {
        this.#reportOnce(error)
      }
      this.#link = undefined
      this.#endFirstTry()
      const pauseMs = fullJitter(this.#failures, reconnectBounds, this.#random)
      this.#failures += 1
      await this.#wait(pauseMs, signal).catch(() => undefined)
    }
  }

  /** A server that is away for long is worth one line, not one for each attempt. */
  #reportOnce(error: unknown): void {
    if (!this.#closing.signal.aborted && !this.#reported) this.#report(error)
    this.#reported = true
  }

  /** Connects and works until the connection is lost; throws why it ended. */
  async #linkOnce(again: boolean): Promise<void> {
    const ended = new AbortController()
    const end = () => ended.abort()
    this.#closing.signal.addEventListener('abort', end)
    try {
      const opening = this.#open(text => this.#receive(text), ended.signal)
      const link = await this.#within(openTimeoutMs, opening, 'The server of the bus does not answer')
      const gone = link.lost.then(() => {
        end()
        throw new Error('The connection of the bus was lost')
      })
      await Promise.race([this.#use(link, again, ended.signal), gone])
    } finally {
      this.#closing.signal.removeEventListener('abort', end)
      end()
    }
  }

  async #use(link: Link, again: boolean, ended: AbortSignal): Promise<never> {
    await this.#echo(link)
    ended.throwIfAborted()
    this.#link = link
    this.#reported = false
    this.#endFirstTry()
    if (again) this.#listeners.announceGap()
    for (;;) {
      await this.#wait(heartbeatMs, ended)
      await this.#echo(link)
      // Only a connection that has lasted makes the next pause short again.
      this.#failures = 0
    }
  }

  /** Sends a text and waits for it to come back. */
  async #echo(link: Link): Promise<void> {
    const id = crypto.randomUUID()
    const back = new Promise<void>(resolve => this.#echoes.set(id, resolve))
    const late = 'Messages do not come back over the bus; is there a pooler in between that drops subscriptions?'
    try {
      await this.#within(echoTimeoutMs, Promise.all([back, link.send(`e${id}`)]), late)
    } finally {
      this.#echoes.delete(id)
    }
  }

  async #within<T>(ms: number, work: Promise<T>, late: string): Promise<T> {
    const patience = new AbortController()
    const tooLate = this.#wait(ms, patience.signal).then(() => {
      throw new Error(late)
    })
    try {
      return await Promise.race([work, tooLate])
    } finally {
      patience.abort()
    }
  }

  #receive(text: string): void {
    if (text.startsWith('e')) this.#echoes.get(text.slice(1))?.()
    const end = text.indexOf('\n')
    if (text.startsWith('m') && end > 0) this.#listeners.deliver(text.slice(1, end), text.slice(end + 1))
  }
}
