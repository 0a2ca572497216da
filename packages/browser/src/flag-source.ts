import { BackOff } from '@dimmer/sdk-core'
import type { Api } from './api.ts'
import { attempt } from './attempt.ts'
import { type Evaluations, type Flags, fetchEvaluations } from './evaluations.ts'
import { RETRY } from './retry.ts'
import type { FlagCache } from './storage.ts'
import { createStore, type Store } from './store.ts'
import type { BrowserContext, FlagsSnapshot, FlagsStatus } from './types.ts'

function sameFlags(a: Flags, b: Flags): boolean {
  return a.size === b.size && [...a].every(([key, flag]) => b.get(key) === flag)
}

/** False for what can't be written as JSON. */
function sameJson(a: unknown, b: unknown): boolean {
  return attempt(() => JSON.stringify(a) === JSON.stringify(b)) ?? false
}

interface Start {
  readonly context: BrowserContext
  readonly bootstrap: Flags | undefined
  /** Where values are kept across visits, if anywhere. */
  readonly cache: FlagCache | false | undefined
}

/** Keeps the snapshot: asks for the values of the context, again when told to, until it has the newest. */
export class FlagSource {
  readonly store: Store<FlagsSnapshot>
  /** The values as the page came with them, without what was kept here. */
  readonly serverSnapshot: FlagsSnapshot
  readonly #cache: FlagCache | false | undefined
  readonly #api: Api
  readonly #onRefused: () => void
  #context: BrowserContext
  #etag: string | null = null
  /** Whether the values are those of the context. */
  #valid: boolean
  /** Asking failed, or the values are from an earlier visit and not confirmed yet. */
  #failed = false
  #down = false
  readonly #backOff = new BackOff(RETRY)
  /** The newest version that the server has spoken of. */
  #wanted = 0
  #running = false
  #current: AbortController | undefined
  #refreshing: Promise<void> = Promise.resolve()
  /** Ask once more when the current answer is there. */
  #again = false
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(api: Api, { context, bootstrap, cache }: Start, onRefused: () => void) {
    this.#api = api
    this.#onRefused = onRefused
    this.#cache = cache
    this.#context = context
    this.#valid = bootstrap !== undefined
    const status = this.#valid ? 'ready' : 'loading'
    this.serverSnapshot = { status, flags: bootstrap ?? new Map(), version: undefined }
    this.store = createStore(this.serverSnapshot)
    if (!this.#valid) this.#recall()
  }

  get context(): BrowserContext {
    return this.#context
  }

  start(): void {
    this.#running = true
    void this.#refresh()
  }

  stop(): void {
    this.#running = false
    this.#abandon()
  }

  /** Values may have changed. */
  recheck(): void {
    if (this.#current === undefined) void this.#refresh()
    else this.#again = true
  }

  /** The server has this version. */
  wants(version: number): void {
    this.#wanted = version
    // If something is being asked, its answer shows whether it came in time.
    if (this.#current === undefined && version !== this.store.get().version) void this.#refresh()
  }

  /** Resolves when the values of the context are there, or asking failed, or a later call took over. */
  setContext(context: BrowserContext): Promise<void> {
    if (sameJson(context, this.#context)) return this.#refreshing
    this.#context = context
    this.#recall()
    return this.#refresh()
  }

  /** News may be missed from now on. */
  goDown(): void {
    this.#down = true
    this.#update()
  }

  /** News comes in again; what was missed is asked for now. */
  comeUp(): void {
    this.#down = false
    this.recheck()
  }

  /** Takes what an earlier visit kept for the context, until the server has answered. */
  #recall(): void {
    const kept = this.#cache ? this.#cache.read(this.#context) : undefined
    this.#etag = kept?.etag ?? null
    this.#valid = this.#failed = kept !== undefined
    this.#update(kept)
  }

  #abandon(): void {
    clearTimeout(this.#retry)
    this.#current?.abort()
    this.#current = undefined
    this.#again = false
  }

  /** Asks now; whatever was being asked is dropped. */
  #refresh(): Promise<void> {
    if (this.#running) this.#refreshing = this.#ask()
    return this.#refreshing
  }

  async #ask(): Promise<void> {
    this.#abandon()
    const abort = new AbortController()
    this.#current = abort
    const { flags } = this.store.get()
    const answer = await fetchEvaluations(this.#api, { context: this.#context, flags, etag: this.#etag, abort })
    // Unless a later call has taken over.
    if (this.#current !== abort) return
    this.#current = undefined
    this.#take(answer)
  }

  #take(answer: Evaluations): void {
    const isNew = answer.kind === 'values'
    this.#failed = answer.kind === 'failed' || answer.kind === 'refused'
    if (isNew) {
      this.#valid = true
      this.#etag = answer.etag
      if (this.#cache) this.#cache.write(this.#context, answer)
    }
    this.#update(isNew ? answer : this.store.get())
    if (answer.kind === 'refused') this.#onRefused()
    else if (this.#again) void this.#refresh()
    else if (answer.kind === 'failed') this.#refreshLater(answer.retryAfterMs)
    // The server that answered may not have the newest version itself yet.
    else if ((this.store.get().version ?? 0) < this.#wanted) this.#refreshLater(0)
    else this.#backOff.reset()
  }

  #refreshLater(atLeastMs: number): void {
    this.#retry = setTimeout(() => void this.#refresh(), this.#backOff.next(atLeastMs))
  }

  #status(): FlagsStatus {
    if (!this.#valid) return this.#failed ? 'error' : 'loading'
    return this.#failed || this.#down ? 'stale' : 'ready'
  }

  #update({ flags, version }: Omit<FlagsSnapshot, 'status'> = this.store.get()): void {
    const before = this.store.get()
    const status = this.#status()
    const same = sameFlags(flags, before.flags)
    if (same && status === before.status && version === before.version) return
    this.store.set({ status, version, flags: same ? before.flags : flags })
  }
}
