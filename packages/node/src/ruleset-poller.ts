import type { Cancel } from '@dimmer/sdk-core'
import type { Platform } from './platform.ts'
import type { Answer, SdkHttp } from './sdk-http.ts'

const PATH = '/sdk/v1/ruleset'

export interface RulesetPollerDeps {
  readonly platform: Platform
  readonly http: SdkHttp
  /** Longest time between two polls, in ms; each waits between half of it and all of it. */
  readonly intervalMs: number
  readonly timeoutMs: number
  /** The version that the client has. */
  readonly version: () => number | undefined
}

export interface PollHandlers {
  /** A 200. Returns the version that the client now has if that is the one it was given. */
  onRuleset(text: string): number | undefined
  onUnchanged(): void
  onRefused(message: string): void
  onFailed(message: string): void
}

/** Asks for the ruleset again and again while it is started; for the times when the stream doesn't work. */
export class RulesetPoller {
  readonly #deps: RulesetPollerDeps
  readonly #handlers: PollHandlers
  #abort: AbortController | undefined
  #stopTimer: Cancel | undefined
  /** The last ETag and the version it stood for. */
  #known: { readonly etag: string; readonly version: number } | undefined

  constructor(deps: RulesetPollerDeps, handlers: PollHandlers) {
    this.#deps = deps
    this.#handlers = handlers
  }

  /** Starts if it isn't started. */
  start(): void {
    if (this.#abort !== undefined) return
    this.#abort = new AbortController()
    const { signal } = this.#abort
    const poll = async (): Promise<void> => {
      const answer = await this.#ask(signal)
      if (signal.aborted) return
      this.#take(answer)
      const wait = this.#delay() + (answer.kind === 'failed' ? answer.retryAfterMs : 0)
      if (!signal.aborted) this.#stopTimer = this.#deps.platform.setTimer(() => void poll(), wait)
    }
    // With nothing to go on every moment counts; with a ruleset at hand the herd must not come at once.
    if (this.#deps.version() === undefined) void poll()
    else this.#stopTimer = this.#deps.platform.setTimer(() => void poll(), this.#delay())
  }

  stop(): void {
    this.#stopTimer?.()
    this.#abort?.abort()
    this.#abort = undefined
  }

  #delay(): number {
    return this.#deps.intervalMs * (0.5 + 0.5 * this.#deps.platform.random())
  }

  #ask(signal: AbortSignal): Promise<Answer> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (this.#known !== undefined && this.#known.version === this.#deps.version())
      headers['if-none-match'] = this.#known.etag
    return this.#deps.http.exchange({ path: PATH, headers, signal, timeoutMs: this.#deps.timeoutMs })
  }

  #take(answer: Answer): void {
    switch (answer.kind) {
      case 'ok': {
        const version = this.#handlers.onRuleset(answer.text)
        this.#known = answer.etag === null || version === undefined ? undefined : { etag: answer.etag, version }
        break
      }
      case 'unchanged':
        this.#handlers.onUnchanged()
        break
      case 'refused':
        this.#handlers.onRefused(answer.message)
        break
      case 'rejected':
      case 'failed':
        this.#handlers.onFailed(answer.message)
        break
    }
  }
}
