import { type Evaluation, evaluate, type FlagKey, type Snapshot } from '@dimmer/engine'
import type { Receipt } from '@dimmer/protocol'
import type { TrackOptions } from '@dimmer/sdk-core'
import { bindContext } from './bound-client.ts'
import { DataSource } from './data-source.ts'
import { Listeners } from './listeners.ts'
import type { Settings } from './options.ts'
import { OnceKeys, type ProblemCode, type Report } from './problems.ts'
import { readsClock } from './reads-clock.ts'
import { Receipts } from './receipts.ts'
import { Reporter } from './reporter.ts'
import { RulesetStore } from './ruleset-store.ts'
import { SdkHttp } from './sdk-http.ts'
import { Telemetry } from './telemetry.ts'
import type {
  BoundClient,
  ChangeEvent,
  ClientEvents,
  ClientStatus,
  Context,
  Details,
  DetailsErrorCode,
  DimmerClient,
  Readiness,
  StateEvent,
} from './types.ts'
import { asValue, fitsFallback, type ValueOf } from './value-type.ts'

const MAX_TIMER_MS = 2_147_483_647
const READY_TIMEOUT_MS = 5_000
const CLOSE_TIMEOUT_MS = 2_000
/** The whole app shares these; they are not options because nobody has needed another value yet. */
const RECONNECT = { reconnectBaseMs: 500, reconnectCapMs: 30_000, stableAfterMs: 60_000 }

type ListenerTable = { readonly [K in keyof ClientEvents]: Listeners<ClientEvents[K]> }

/** See `DimmerClient`. */
export class Client implements DimmerClient {
  readonly #settings: Settings
  /** The time for evaluations; 0 while no flag depends on it. */
  #now: () => number = () => 0
  readonly #reporter: Reporter
  readonly #store: RulesetStore
  readonly #source: DataSource
  readonly #telemetry: Telemetry
  readonly #receipts: Receipts
  readonly #listeners: ListenerTable
  /** For those who wait in `ready`. */
  readonly #moved: Listeners<undefined>
  readonly #said = new OnceKeys()
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
    this.#store = new RulesetStore(snapshot => this.#useSnapshot(snapshot))
    this.#receipts = new Receipts({ platform, http, timeoutMs, current: () => this.#receipt() })
    const timings = { ...RECONNECT, connectTimeoutMs: timeoutMs, pollIntervalMs }
    this.#source = new DataSource(
      { platform, http, store: this.#store, timings, report },
      {
        onHello: receiptDelayMs => this.#onHello(receiptDelayMs),
        onApplied: ({ version, flags }) => {
          this.#receipts.due()
          change.tell({ version, flags })
        },
        onState: now => {
          state.tell({ state: now })
          this.#moved.tell(undefined)
        },
      },
    )
    this.#source.start()
  }

  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness> {
    const timeoutMs = options?.timeoutMs ?? READY_TIMEOUT_MS
    if (this.#isSettled()) return Promise.resolve(this.#readiness(timeoutMs))
    return new Promise(resolve => {
      const finish = (): void => {
        stop()
        off()
        resolve(this.#readiness(timeoutMs))
      }
      // Somebody waits for this, so it holds the process open.
      const stop = this.#settings.platform.setTimer(finish, Math.min(timeoutMs, MAX_TIMER_MS), true)
      const off = this.#moved.add(() => {
        if (this.#isSettled()) finish()
      })
    })
  }

  isEnabled(flag: FlagKey, context: Context): boolean {
    const snapshot = this.#store.snapshot
    if (snapshot === undefined) return this.#fallBack(flag, undefined, false)
    const evaluation = evaluate(snapshot, flag, context, this.#now())
    const { value } = evaluation
    if (typeof value !== 'boolean') return this.#fallBack(flag, evaluation, false)
    this.#telemetry.exposures.record(evaluation, context)
    return value
  }

  value<T>(flag: FlagKey, context: Context, fallback: T): ValueOf<T> {
    const snapshot = this.#store.snapshot
    if (snapshot === undefined) return this.#fallBack(flag, undefined, fallback)
    const evaluation = evaluate(snapshot, flag, context, this.#now())
    const { value } = evaluation
    if (evaluation.variant === undefined || !fitsFallback(value, fallback)) {
      return this.#fallBack(flag, evaluation, fallback)
    }
    this.#telemetry.exposures.record(evaluation, context)
    return value
  }

  details<T>(flag: FlagKey, context: Context, fallback: T): Details<ValueOf<T>> {
    const snapshot = this.#store.snapshot
    const evaluation = snapshot && evaluate(snapshot, flag, context, this.#now())
    const facts = {
      flagKey: flag,
      variant: evaluation?.variant,
      reason: evaluation?.reason,
      flagVersion: evaluation?.flagVersion ?? 0,
      unit: evaluation?.unit,
      heldOutBy: evaluation?.heldOutBy,
      missingUnit: evaluation?.missingUnit,
    }
    const value = evaluation?.value
    if (evaluation?.variant === undefined || !fitsFallback(value, fallback)) {
      return { ...facts, value: this.#fallBack(flag, evaluation, fallback), errorCode: errorCode(evaluation) }
    }
    this.#telemetry.exposures.record(evaluation, context)
    return { ...facts, value }
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

  forContext(context: Context): BoundClient {
    return bindContext(this, context)
  }

  flush(): Promise<void> {
    return this.#telemetry.flush()
  }

  close(options?: { readonly timeoutMs?: number }): Promise<void> {
    if (!this.#closed) {
      this.#closed = true
      this.#closing = this.#telemetry.close(options?.timeoutMs ?? CLOSE_TIMEOUT_MS)
      this.#receipts.close()
      this.#source.close()
    }
    return this.#closing ?? Promise.resolve()
  }

  status(): ClientStatus {
    const { state, ageMs, feed } = this.#source
    return {
      state,
      version: this.#store.version,
      ageMs,
      source: feed,
      instanceId: this.#settings.instanceId,
      waitingEvents: this.#telemetry.waiting,
    }
  }

  #isSettled(): boolean {
    return this.#source.settled
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
    this.#now = readsClock(snapshot.ruleset) ? this.#settings.platform.now : () => 0
    for (const { path, message } of snapshot.problems) this.#warn('invalid-flag', `${path}: ${message}`)
  }

  #onHello(receiptDelayMs: number): void {
    this.#receipts.useDelay(receiptDelayMs)
    // The server may have restarted and forgotten what this instance runs.
    if (this.#store.version !== undefined) this.#receipts.due()
  }

  #receipt(): Receipt | undefined {
    const { state } = this.#source
    const version = this.#store.version
    return version !== undefined && (state === 'live' || state === 'polling') ? { version, state } : undefined
  }

  #fallBack<T>(flag: FlagKey, evaluation: Evaluation | undefined, fallback: T): ValueOf<T> {
    const code = errorCode(evaluation)
    this.#warn(code, fallbackMessage(code, flag, evaluation))
    this.#telemetry.recordFallback(flag, evaluation)
    return asValue(fallback)
  }

  #warn(code: ProblemCode, message: string): void {
    if (this.#said.isNew(message)) this.#reporter.report('warning', { code, message })
  }
}

function errorCode(evaluation: Evaluation | undefined): DetailsErrorCode {
  if (evaluation === undefined) return 'not-ready'
  return evaluation.reason.kind === 'error' ? evaluation.reason.code : 'type-mismatch'
}

function fallbackMessage(code: DetailsErrorCode, flag: FlagKey, evaluation: Evaluation | undefined): string {
  switch (code) {
    case 'not-ready':
      return 'evaluated before there was a ruleset; the fallbacks of the code are served until then'
    case 'flag-not-found':
      return `there is no flag "${String(flag)}"; the fallback is served`
    case 'invalid-context':
      return `the context for flag "${flag}" is not an object; the fallback is served`
    case 'invalid-flag':
      return `flag "${flag}" is broken; the fallback is served`
    case 'type-mismatch':
      return `flag "${flag}" serves ${JSON.stringify(evaluation?.value)}, which is not of the fallback's type; the fallback is served`
  }
}
