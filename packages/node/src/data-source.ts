import type { StreamHello } from '@dimmer/protocol'
import { BackOff } from './back-off.ts'
import { ListInbox } from './list-inbox.ts'
import { parseJson } from './parse-json.ts'
import type { Cancel, Platform } from './platform.ts'
import { OnceKeys, type ProblemCode, type Report } from './problems.ts'
import { RulesetPoller } from './ruleset-poller.ts'
import type { Applied, NewVersion, RulesetStore } from './ruleset-store.ts'
import type { SdkHttp } from './sdk-http.ts'
import { type SourceState, stateOf } from './source-state.ts'
import type { SseEvent } from './sse-parser.ts'
import { StreamConnection, type StreamEnd } from './stream-connection.ts'

/** Times in ms. */
export interface SourceTimings {
  readonly connectTimeoutMs: number
  readonly pollIntervalMs: number
  /** Ceiling of the first reconnect delay. */
  readonly reconnectBaseMs: number
  readonly reconnectCapMs: number
  /** How long a stream must hold before the next failure counts as the first. */
  readonly stableAfterMs: number
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
  readonly #poller: RulesetPoller
  readonly #inbox: ListInbox
  #connection: StreamConnection | undefined
  #stopReconnect: Cancel | undefined
  #stopStable: Cancel | undefined
  #stopped = false
  /** Whether this connection asked only for what it lacks. */
  #resumed = false
  #inStep = false
  #poll: 'none' | 'ok' | 'failed' = 'none'
  #quickLeft = true
  #state: SourceState = 'starting'
  #feed: 'stream' | 'poll' | 'none' = 'none'
  #confirmedAt: number | undefined
  #said = new OnceKeys()

  constructor(deps: DataSourceDeps, handlers: DataSourceHandlers) {
    this.#deps = deps
    this.#handlers = handlers
    const { platform, http, timings } = deps
    this.#backOff = new BackOff(platform.random, { baseMs: timings.reconnectBaseMs, capMs: timings.reconnectCapMs })
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
        version: () => deps.store.version,
      },
      {
        onRuleset: text => this.#polled(text),
        onUnchanged: () => this.#pollSucceeded(),
        onRefused: message => this.#refuse(message),
        onFailed: message => this.#pollFailed(message),
      },
    )
  }

  get state(): SourceState {
    return this.#state
  }

  /** True once it is closed or the server has refused the key. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Where the ruleset that is now in the store came from. */
  get feed(): 'stream' | 'poll' | 'none' {
    return this.#feed
  }

  /** When the server last confirmed that the ruleset is the current one; undefined: never. */
  get confirmedAt(): number | undefined {
    return this.#confirmedAt
  }

  start(): void {
    this.#connect(false)
  }

  close(): void {
    this.#stopped = true
    this.#dropConnection()
    this.#stopReconnect?.()
    this.#poller.stop()
    this.#settle()
  }

  /** `fresh`: ask for a whole ruleset, not for what changed. */
  #connect(fresh: boolean): void {
    if (this.#stopped) return
    this.#dropConnection()
    const { platform, http, timings, store } = this.#deps
    const lastEventId = fresh || store.version === undefined ? undefined : String(store.version)
    this.#resumed = lastEventId !== undefined
    this.#connection = new StreamConnection(
      { platform, http, connectTimeoutMs: timings.connectTimeoutMs },
      {
        onSign: () => {
          if (this.#inStep) this.#confirm()
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
    this.#stopStable?.()
    this.#inStep = false
  }

  #onEvent({ event, data, id }: SseEvent): void {
    if (event === 'hello') this.#onHello(data, id)
    else if (event === 'put') this.#open(data, ruleset => this.#take(this.#deps.store.put(ruleset)))
    else if (event === 'patch') this.#open(data, patch => this.#take(this.#deps.store.patch(patch)))
  }

  /** Until its long lists are there a message waits, and we are not in step with the server. */
  #open(data: string, take: (message: unknown) => void): void {
    if (!this.#inbox.push(parseJson(data), take)) this.#inStep = false
  }

  #onHello(data: string, id: string): void {
    const hello = parseHello(data)
    if (hello === undefined) {
      this.#onBadMessage('the stream began without a valid hello')
      return
    }
    this.#connection?.endAfterSilence(2 * hello.heartbeatMs)
    // A server that doesn't give its version sends what was missed right after this, if anything was.
    const inStep = id === '' ? this.#resumed : Number(id) === this.#deps.store.version
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
        this.#inStep = false
        this.#problem('older-version', olderMessage(applied))
        this.#startPolling()
        break
      case 'gap':
        this.#deps.report('warning', { code: 'gap', message: gapMessage(applied) })
        this.#reconnect(true, this.#delayAfterGoodStream())
        break
      case 'invalid':
        this.#onBadMessage(applied.message)
        break
    }
  }

  #stepIn(): void {
    if (this.#stopped) return
    if (!this.#inStep) {
      this.#stopStable?.()
      this.#stopStable = this.#deps.platform.setTimer(() => {
        this.#backOff.reset()
        this.#quickLeft = true
      }, this.#deps.timings.stableAfterMs)
    }
    this.#inStep = true
    this.#poll = 'none'
    this.#poller.stop()
    this.#said = new OnceKeys()
    this.#confirm()
    this.#settle()
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
        this.#reconnect(false, this.#delayAfterGoodStream())
        break
      case 'failed':
        this.#problem('unreachable', `the stream failed: ${end.message}`)
        this.#reconnect(false, Math.max(this.#backOff.next(), end.retryAfterMs))
        break
    }
  }

  /** One quick reconnect per stable stream; a server that closes again and again is met with patience. */
  #delayAfterGoodStream(): number {
    if (!(this.#quickLeft && this.#inStep)) return this.#backOff.next()
    this.#quickLeft = false
    return this.#backOff.quick()
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
    this.#settle()
  }

  #polled(text: string): number | undefined {
    const applied = this.#deps.store.put(parseJson(text))
    if (applied.kind === 'applied' || applied.kind === 'same') {
      if (applied.kind === 'applied') this.#feed = 'poll'
      this.#pollSucceeded()
      if (applied.kind === 'applied') this.#handlers.onApplied(applied)
      return this.#deps.store.version
    }
    this.#poll = 'failed'
    if (applied.kind === 'older') this.#problem('older-version', olderMessage(applied))
    if (applied.kind === 'invalid') this.#problem('invalid-message', applied.message)
    this.#settle()
    return undefined
  }

  #pollSucceeded(): void {
    this.#poll = 'ok'
    this.#confirm()
    this.#settle()
  }

  #pollFailed(message: string): void {
    this.#poll = 'failed'
    this.#problem('unreachable', `the poll failed: ${message}`)
    this.#settle()
  }

  #refuse(reason: string): void {
    const message = `the server refused the SDK key and won't be asked again: ${reason}`
    this.#deps.report('error', { code: 'refused', message })
    this.close()
  }

  #confirm(): void {
    this.#confirmedAt = this.#deps.platform.now()
  }

  /** Says each thing once per outage, not with every attempt. */
  #problem(code: ProblemCode, message: string): void {
    if (this.#said.isNew(message)) this.#deps.report('error', { code, message })
  }

  #settle(): void {
    const hasRuleset = this.#deps.store.version !== undefined
    const state = stateOf({ stopped: this.#stopped, hasRuleset, inStep: this.#inStep, poll: this.#poll })
    if (state === this.#state) return
    this.#state = state
    this.#handlers.onState(state)
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
    return { heartbeatMs, receiptDelayMs }
  } catch {
    return undefined
  }
}
