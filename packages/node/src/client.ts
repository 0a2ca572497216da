import type { FlagKey, Snapshot } from '@dimmer/engine'
import type { Receipt } from '@dimmer/protocol'
import { RECONNECT, type TrackOptions } from '@dimmer/sdk-core'
import { bindContext } from './bound-client.ts'
import { DataSource } from './data-source.ts'
import { Evaluator } from './evaluator.ts'
import { FileCache } from './file-cache.ts'
import { type FreezeOptions, freeze } from './frozen-client.ts'
import { Listeners } from './listeners.ts'
import { onSigterm } from './on-sigterm.ts'
import type { Settings } from './options.ts'
import { OnceKeys, type Report } from './problems.ts'
import { Receipts, skipsOf } from './receipts.ts'
import { Reporter } from './reporter.ts'
import { RuleTimer } from './rule-timer.ts'
import { RulesetStore } from './ruleset-store.ts'
import { SdkHttp } from './sdk-http.ts'
import { seedStore } from './seed.ts'
import { Telemetry } from './telemetry.ts'
import type {
  BoundClient,
  ChangeEvent,
  ClientEvents,
  ClientStatus,
  Context,
  Details,
  Hook,
  PinOptions,
  Readiness,
  StateEvent,
} from './types.ts'
import type { ValueOf } from './value-type.ts'

const MAX_TIMER_MS = 2_147_483_647
const READY_TIMEOUT_MS = 5_000
const CLOSE_TIMEOUT_MS = 2_000

type ListenerTable = { readonly [K in keyof ClientEvents]: Listeners<ClientEvents[K]> }

/** See `DimmerClient`; this one knows nothing of `FlagTypes`. */
export class Client {
  readonly #settings: Settings
  readonly #reporter: Reporter
  readonly #store: RulesetStore
  readonly #source: DataSource
  readonly #telemetry: Telemetry
  readonly #evaluator: Evaluator
  readonly #receipts: Receipts
  readonly #ruleTimer: RuleTimer
  readonly #cache: FileCache | undefined
  readonly #listeners: ListenerTable
  /** For those who wait in `ready`. */
  readonly #moved: Listeners<undefined>
  readonly #said = new OnceKeys()
  readonly #forgetSigterm: () => void
  #closed = false
  #closing: Promise<void> | undefined

  constructor(settings: Settings) {
    const { platform, connectTimeoutMs: timeoutMs, pollIntervalMs } = settings
    const http = new SdkHttp(platform, settings)
    const reporter = new Reporter(settings.log)
    const report: Report = (level, problem) => reporter.report(level, problem)
    const onThrow = (error: unknown): void => reporter.listenerThrew(error)
    const change = new Listeners<ChangeEvent>(onThrow)
    const state = new Listeners<StateEvent>(onThrow)
    this.#settings = settings
    this.#reporter = reporter
    this.#listeners = { change, state, error: reporter.errors, warning: reporter.warnings }
    this.#moved = new Listeners(onThrow)
    this.#telemetry = new Telemetry(settings, http, report)
    this.#evaluator = new Evaluator({ now: platform.now, witness: this.#telemetry, report })
    for (const hook of settings.hooks) this.#evaluator.addHook(hook)
    this.#ruleTimer = new RuleTimer(platform, flags => {
      const { version } = this.#store
      if (version !== undefined) change.tell({ version, flags })
    })
    this.#store = new RulesetStore(snapshot => this.#useSnapshot(snapshot))
    this.#receipts = new Receipts({ platform, http, timeoutMs, current: () => this.#receipt() })
    const timings = { reconnect: RECONNECT, connectTimeoutMs: timeoutMs, pollIntervalMs }
    this.#source = new DataSource(
      { platform, http, store: this.#store, timings, report },
      {
        onHello: receiptDelayMs => this.#onHello(receiptDelayMs),
        onApplied: ({ version, flags }) => {
          this.#receipts.due()
          this.#keep()
          change.tell({ version, flags })
        },
        onState: now => {
          // The server may not know yet that this instance lives on polls.
          if (now === 'polling') this.#receipts.due()
          state.tell({ state: now })
          this.#moved.tell(undefined)
        },
      },
    )
    this.#cache = openCache(settings, report)
    const { bootstrap } = settings
    this.#source.start(seedStore({ store: this.#store, bootstrap, cache: this.#cache, now: platform.now, report }))
    this.#forgetSigterm = settings.closeOnSigterm ? onSigterm(() => this.close()) : () => undefined
  }

  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness> {
    const timeoutMs = options?.timeoutMs ?? READY_TIMEOUT_MS
    if (this.#source.settled) return Promise.resolve(this.#readiness(timeoutMs))
    return new Promise(resolve => {
      const finish = (): void => {
        stop()
        off()
        resolve(this.#readiness(timeoutMs))
      }
      // Somebody waits for this, so it holds the process open.
      const stop = this.#settings.platform.setTimer(finish, Math.min(timeoutMs, MAX_TIMER_MS), true)
      const off = this.#moved.add(() => {
        if (this.#source.settled) finish()
      })
    })
  }

  isEnabled(flag: FlagKey, context: Context): boolean {
    return this.#evaluator.isEnabled(flag, context)
  }

  value<T>(flag: FlagKey, context: Context, fallback: T): ValueOf<T> {
    return this.#evaluator.value(flag, context, fallback)
  }

  details<T>(flag: FlagKey, context: Context, fallback: T): Details<ValueOf<T>> {
    return this.#evaluator.details(flag, context, fallback)
  }

  track(name: string, context: Context, options: TrackOptions = {}): void {
    this.#telemetry.track(name, context, options)
  }

  identify(context: Context): void {
    this.#telemetry.identify(context)
  }

  on<K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void): () => void {
    return this.#listeners[event].add(listener)
  }

  addHook(hook: Hook): () => void {
    return this.#evaluator.addHook(hook)
  }

  forContext(context: Context): BoundClient {
    return bindContext(this, context)
  }

  forRequest(context: Context): BoundClient {
    return this.#freeze(context, { killOverrides: false, countsAgain: false })
  }

  pin(context: Context, options?: PinOptions): BoundClient {
    return this.#freeze(context, { killOverrides: options?.killOverrides ?? true, countsAgain: true })
  }

  flush(): Promise<void> {
    return this.#telemetry.flush()
  }

  close(options?: { readonly timeoutMs?: number }): Promise<void> {
    if (!this.#closed) {
      this.#closed = true
      this.#closing = this.#shutDown(options?.timeoutMs ?? CLOSE_TIMEOUT_MS)
    }
    return this.#closing ?? Promise.resolve()
  }

  status(): ClientStatus {
    const { state, refused, ageMs, feed } = this.#source
    return {
      state,
      refused,
      version: this.#store.version,
      ageMs,
      source: feed,
      instanceId: this.#settings.instanceId,
      waitingEvents: this.#telemetry.waiting,
    }
  }

  #readiness(timeoutMs: number): Readiness {
    const { state, feed: source } = this.#source
    const version = this.#store.version
    if (version !== undefined) return { state, version, source }
    const closed = this.#closed ? 'the client is closed' : undefined
    const error = closed ?? this.#reporter.lastError ?? `no ruleset within ${timeoutMs} ms`
    return { state, version, source, error }
  }

  #useSnapshot(snapshot: Snapshot): void {
    this.#telemetry.useRuleset(snapshot.ruleset)
    this.#evaluator.useSnapshot(snapshot)
    this.#ruleTimer.useRuleset(snapshot.ruleset)
    for (const { path, message } of snapshot.problems) {
      const text = `${path}: ${message}`
      if (this.#said.isNew(text)) this.#reporter.report('warning', { code: 'invalid-flag', message: text })
    }
  }

  #onHello(receiptDelayMs: number): void {
    this.#receipts.useDelay(receiptDelayMs)
    // The server may have restarted and forgotten what this instance runs.
    if (this.#store.version !== undefined) this.#receipts.due()
  }

  #receipt(): Receipt | undefined {
    const { state } = this.#source
    const { snapshot } = this.#store
    if (snapshot === undefined || (state !== 'live' && state !== 'polling')) return undefined
    return { version: snapshot.version, state, ...skipsOf(snapshot) }
  }

  #freeze(context: Context, options: Omit<FreezeOptions, 'track'>): BoundClient {
    return freeze(this.#evaluator, context, {
      ...options,
      track: (name, trackOptions) => this.track(name, context, trackOptions),
    })
  }

  /** Keeps the ruleset for starts without a server. */
  #keep(): void {
    const { ageMs } = this.#source
    if (this.#store.current === undefined || !this.#store.confirmed || ageMs === undefined) return
    this.#cache?.save({ ruleset: this.#store.current, confirmedAt: this.#settings.platform.now() - ageMs })
  }

  async #shutDown(timeoutMs: number): Promise<void> {
    this.#forgetSigterm()
    // Written again because the server may have confirmed it many times since.
    this.#keep()
    this.#source.close()
    this.#ruleTimer.close()
    await Promise.all([this.#telemetry.close(timeoutMs), this.#receipts.close(timeoutMs), this.#cache?.settled()])
  }
}

function openCache({ cacheFolder: folder, url, sdkKey }: Settings, report: Report): FileCache | undefined {
  if (folder === undefined) return undefined
  return new FileCache({ folder, url, sdkKey, onProblem: message => report('error', { code: 'cache', message }) })
}
