import type { StreamHello } from '@dimmer/protocol'
import {
  BackOff,
  type BackOffTimes,
  type Cancel,
  SourceHealth,
  type SourceState,
  type SseEvent,
} from '@dimmer/sdk-core'
import { ListInbox } from './list-inbox.ts'
import { parseJson } from './parse-json.ts'
import type { Platform } from './platform.ts'
import { OnceKeys, type ProblemCode, type Report } from './problems.ts'
import { RulesetPoller } from './ruleset-poller.ts'
import type { Applied, NewVersion, RulesetStore } from './ruleset-store.ts'
import type { SdkHttp } from './sdk-http.ts'
import type { Seed } from './seed.ts'
import { StreamConnection, type StreamEnd } from './stream-connection.ts'
import type { RulesetSource } from './types.ts'

/** Times in ms. */
export interface SourceTimings {
  readonly connectTimeoutMs: number
  readonly pollIntervalMs: number
  readonly reconnect: BackOffTimes
}

export interface DataSourceDeps {
  readonly platform: Platform
  readonly http: SdkHttp
  readonly store: RulesetStore
  readonly timings: SourceTimings
  readonly report: Report
}

export interface DataSourceHandlers {
  onState(state: SourceState): void
  /** The store has a new version. */
  onApplied(applied: NewVersion): void
  /** A stream began; `receiptDelayMs` as in `StreamHello`. */
  onHello(receiptDelayMs: number): void
}

/**
 * Feeds the store: from the stream, and from polls while the stream doesn't work. Owns the one connection, so that
 * reconnects cannot multiply.
 */
export class DataSource {
  readonly #deps: DataSourceDeps
  readonly #handlers: DataSourceHandlers
  readonly #backOff: BackOff
  readonly #health: SourceHealth
  readonly #poller: RulesetPoller
  readonly #inbox: ListInbox
  #connection: StreamConnection | undefined
  #stopReconnect: Cancel | undefined
  #stopped = false
  #refused = false
  /** Whether this connection asked only for what it lacks. */
  #resumed = false
  #feed: RulesetSource = 'none'
  #said = new OnceKeys()

  constructor(deps: DataSourceDeps, handlers: DataSourceHandlers) {
    this.#deps = deps
    this.#handlers = handlers
    const { platform, http, timings } = deps
    this.#backOff = new BackOff({ random: platform.random, now: platform.monotonic, ...timings.reconnect })
    this.#health = new SourceHealth({ now: platform.monotonic, onState: state => handlers.onState(state) })
    this.#inbox = new ListInbox({
      http,
      timeoutMs: timings.connectTimeoutMs,
      current: () => deps.store.snapshot?.ruleset,
      onFailed: message => this.#onNoList(message),
    })
    this.#poller = new RulesetPoller(
      {
        platform,
        http,
        intervalMs: timings.pollIntervalMs,
        timeoutMs: timings.connectTimeoutMs,
        version: () => (deps.store.confirmed ? deps.store.version : undefined),
      },
      {
        onRuleset: text => this.#polled(text),
        onUnchanged: () => this.#health.polled(true),
        onRefused: message => this.#refuse(message),
        onFailed: message => this.#pollFailed(message),
      },
    )
  }

  get state(): SourceState {
    return this.#health.state
  }

  get refused(): boolean {
    return this.#refused
  }

  /** Where the ruleset that is now in the store came from. */
  get feed(): RulesetSource {
    return this.#feed
  }

  /** Since the server last confirmed that the ruleset is the current one; undefined: never. */
  get ageMs(): number | undefined {
    return this.#health.ageMs
  }

  /** Whether there is nothing to wait for. */
  get settled(): boolean {
    return this.#health.settled
  }

  /** `seed`: what the store already has. */
  start(seed: Seed = { source: 'none', ageMs: undefined }): void {
    this.#feed = seed.source
    if (this.#deps.store.version !== undefined) this.#health.haveValues(seed.ageMs)
    this.#connect(false)
  }

  close(): void {
    this.#stopped = true
    this.#dropConnection()
    this.#stopReconnect?.()
    this.#poller.stop()
    this.#health.stop()
  }

  /** `fresh`: ask for a whole ruleset, not for what changed. */
  #connect(fresh: boolean): void {
    if (this.#stopped) return
    this.#dropConnection()
    const { platform, http, timings, store } = this.#deps
    const lastEventId = fresh || !store.confirmed ? undefined : String(store.version)
    this.#resumed = lastEventId !== undefined
    this.#connection = new StreamConnection(
      { platform, http, connectTimeoutMs: timings.connectTimeoutMs },
      {
        onSign: () => {
          if (this.#health.inStep) this.#health.live()
        },
        onEvent: event => this.#onEvent(event),
        onEnd: end => this.#onEnd(end),
      },
      lastEventId,
    )
  }

  #dropConnection(): void {
    this.#connection?.close()
    this.#connection = undefined
    this.#inbox.clear()
  }

  #onEvent({ event, data, id }: SseEvent): void {
    if (event === 'hello') this.#onHello(data, id)
    else if (event === 'put') this.#open(data, ruleset => this.#take(this.#deps.store.put(ruleset)))
    else if (event === 'cut-off') this.#health.serverCutOff(true)
    else if (event === 'in-touch') this.#health.serverCutOff(false)
    else if (event === 'patch') this.#open(data, patch => this.#take(this.#deps.store.patch(patch)))
  }

  /** Until its long lists are there a message waits, and we are not in step with the server. */
  #open(data: string, take: (message: unknown) => void): void {
    if (!this.#inbox.push(parseJson(data), take)) this.#health.outOfStep()
  }

  #onHello(data: string, id: string): void {
    const hello = parseHello(data)
    if (hello === undefined) {
      this.#onBadMessage('the stream began without a valid hello')
      return
    }
    this.#connection?.endAfterSilence(2 * hello.heartbeatMs)
    this.#health.serverCutOff(hello.cutOff === true)
    // A server that doesn't give its version sends what was missed right after this, if anything was.
    const { store } = this.#deps
    const inStep = store.confirmed && (id === '' ? this.#resumed : Number(id) === store.version)
    if (inStep) this.#stepIn()
    else this.#startPolling()
    this.#handlers.onHello(hello.receiptDelayMs)
  }

  #take(applied: Applied): void {
    switch (applied.kind) {
      case 'applied':
        this.#feed = 'stream'
        this.#stepIn()
        this.#handlers.onApplied(applied)
        break
      case 'same':
        this.#stepIn()
        break
      case 'older':
        this.#problem('older-version', olderMessage(applied))
        this.#startPolling()
        break
      case 'gap':
        this.#deps.report('warning', { code: 'gap', message: gapMessage(applied) })
        this.#reconnect(true, this.#backOff.next())
        break
      case 'invalid':
        this.#onBadMessage(applied.message)
        break
    }
  }

  #stepIn(): void {
    if (this.#stopped) return
    this.#backOff.up()
    this.#poller.stop()
    this.#said = new OnceKeys()
    this.#health.live()
  }

  #onBadMessage(message: string): void {
    this.#problem('invalid-message', message)
    this.#reconnect(true, this.#backOff.next())
  }

  #onNoList(message: string): void {
    this.#problem('unreachable', message)
    this.#reconnect(true, this.#backOff.next())
  }

  #onEnd(end: StreamEnd): void {
    switch (end.kind) {
      case 'refused':
        this.#refuse(end.message)
        break
      case 'closed':
        this.#reconnect(false, this.#backOff.next())
        break
      case 'failed':
        this.#problem('unreachable', `the stream failed: ${end.message}`)
        this.#reconnect(false, this.#backOff.next(end.retryAfterMs))
        break
    }
  }

  #reconnect(fresh: boolean, delayMs: number): void {
    // A listener that heard of the reason may have closed the client.
    if (this.#stopped) return
    this.#dropConnection()
    this.#stopReconnect?.()
    this.#stopReconnect = this.#deps.platform.setTimer(() => this.#connect(fresh), delayMs)
    this.#startPolling()
  }

  #startPolling(): void {
    if (this.#stopped) return
    this.#poller.start()
    this.#health.outOfStep()
  }

  #polled(text: string): number | undefined {
    const applied = this.#deps.store.put(parseJson(text))
    if (applied.kind === 'applied' || applied.kind === 'same') {
      if (applied.kind === 'applied') this.#feed = 'poll'
      this.#health.polled(true)
      if (applied.kind === 'applied') this.#handlers.onApplied(applied)
      return this.#deps.store.version
    }
    if (applied.kind === 'older') this.#problem('older-version', olderMessage(applied))
    if (applied.kind === 'invalid') this.#problem('invalid-message', applied.message)
    this.#health.polled(false)
    return undefined
  }

  #pollFailed(message: string): void {
    this.#problem('unreachable', `the poll failed: ${message}`)
    this.#health.polled(false)
  }

  #refuse(reason: string): void {
    this.#refused = true
    const message = `the server refused the SDK key and won't be asked again: ${reason}`
    this.#deps.report('error', { code: 'refused', message })
    this.close()
  }

  /** Says each thing once per outage, not with every attempt. */
  #problem(code: ProblemCode, message: string): void {
    if (this.#said.isNew(message)) this.#deps.report('error', { code, message })
  }
}

function gapMessage(applied: { readonly from: number; readonly have: number }): string {
  const { from, have } = applied
  return `the stream went on from version ${from}, but this client has ${have}; asking for a whole ruleset`
}

function olderMessage(applied: { readonly version: number; readonly have: number }): string {
  return `the server has version ${applied.version}, older than this client's ${applied.have}; ignored`
}

function parseHello(data: string): StreamHello | undefined {
  try {
    const hello: unknown = JSON.parse(data)
    if (typeof hello !== 'object' || hello === null) return undefined
    if (!('heartbeatMs' in hello && 'receiptDelayMs' in hello)) return undefined
    const { heartbeatMs, receiptDelayMs } = hello
    if (typeof heartbeatMs !== 'number' || !(heartbeatMs > 0)) return undefined
    if (typeof receiptDelayMs !== 'number' || !(receiptDelayMs >= 0)) return undefined
    return { heartbeatMs, receiptDelayMs, cutOff: 'cutOff' in hello && hello.cutOff === true }
  } catch {
    return undefined
  }
}
