/**
 * How an SDK is fed. `starting`: the first attempts are under way. `live`: the stream is up and in step. `polling`: no
 * stream, but the last poll was answered. `stale`: neither, on the last good values. `offline`: nothing to go on and
 * nobody answers, or the key was refused, or the client is closed.
 */
export type SourceState = 'starting' | 'live' | 'polling' | 'stale' | 'offline'

export interface SourceHealthDeps {
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number
  readonly onState: (state: SourceState) => void
}

/** Knows how an SDK is fed and how old its values are. It is told the facts and draws the conclusion. */
export class SourceHealth {
  readonly #deps: SourceHealthDeps
  #state: SourceState = 'starting'
  #stopped = false
  #inStep = false
  /** The last poll since the stream was last in step. */
  #poll: 'none' | 'ok' | 'failed' = 'none'
  #hasValues = false
  /** Whether the server itself has answered in this life. */
  #heard = false
  #confirmedAt: number | undefined
  #cutOff = false

  constructor(deps: SourceHealthDeps) {
    this.#deps = deps
  }

  get state(): SourceState {
    return this.#state
  }

  /** Whether the stream is up and has nothing that we lack. */
  get inStep(): boolean {
    return this.#inStep
  }

  /** Whether there is nothing to wait for: the server was heard, or was asked in vain. */
  get settled(): boolean {
    return this.#heard || this.#stopped || (this.#hasValues && this.#poll === 'failed')
  }

  /** Since the server last confirmed the values, in ms; undefined: never, as far as is known. */
  get ageMs(): number | undefined {
    return this.#confirmedAt === undefined ? undefined : Math.max(0, this.#deps.now() - this.#confirmedAt)
  }

  /** There are values from elsewhere, which the server confirmed so long ago. */
  haveValues(ageMs: number | undefined): void {
    this.#hasValues = true
    if (ageMs !== undefined) this.#confirmedAt = this.#deps.now() - ageMs
    this.#settle()
  }

  /** The stream is up and in step, or gave another sign of it. */
  live(): void {
    this.#inStep = true
    this.#poll = 'none'
    this.#confirm()
  }

  /** The stream is gone, or has something that we lack. */
  outOfStep(): void {
    this.#inStep = false
    this.#settle()
  }

  /** A poll was answered with what is now in use, or it failed. */
  polled(ok: boolean): void {
    this.#poll = ok ? 'ok' : 'failed'
    if (ok) this.#confirm()
    else this.#settle()
  }

  /** Whether the server itself has lost its own source, as an edge may: what it confirms is as old as what it has. */
  serverCutOff(cutOff: boolean): void {
    this.#cutOff = cutOff
    this.#settle()
  }

  /** Closed, or the key was refused. */
  stop(): void {
    this.#stopped = true
    this.#inStep = false
    this.#settle()
  }

  #confirm(): void {
    this.#hasValues = true
    this.#heard = true
    if (!this.#cutOff) this.#confirmedAt = this.#deps.now()
    this.#settle()
  }

  #settle(): void {
    const state = this.#conclude()
    if (state === this.#state) return
    this.#state = state
    this.#deps.onState(state)
  }

  #conclude(): SourceState {
    if (this.#stopped) return 'offline'
    if (this.#cutOff && this.#hasValues) return 'stale'
    if (this.#inStep) return 'live'
    if (this.#poll === 'ok') return 'polling'
    if (!this.#heard && this.#poll === 'none') return 'starting'
    return this.#hasValues ? 'stale' : 'offline'
  }
}
