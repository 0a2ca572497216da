import { BackOff } from '@dimmer/sdk-core'
import type { Api } from './api.ts'
import { attempt } from './attempt.ts'
import { type Evaluations, type Flags, fetchEvaluations, type Values } from './evaluations.ts'
import { RETRY } from './retry.ts'
import { type FlagCache, identity, textOf } from './storage.ts'
import { createStore, type Store } from './store.ts'
import type { BrowserClientOptions, BrowserContext, FlagsSnapshot, FlagsStatus } from './types.ts'

interface Start extends Pick<BrowserClientOptions, 'renewContext'> {
  readonly context?: BrowserContext
  /** What every context has that doesn't say otherwise. */
  readonly device: BrowserContext | undefined
  readonly bootstrap: Flags | undefined
  /** Where values are kept across visits, if anywhere. */
  readonly cache: FlagCache | undefined
}

/** What a `FlagSource` tells. */
interface Tells {
  /** The server does not take the key. */
  refused(): void
  /** The server has answered; at this address it tells of changes. */
  stream(address: string): void
}

/** Keeps the snapshot: asks for the values of the context, again when told to, until it has the newest. */
export class FlagSource {
  readonly store: Store<FlagsSnapshot>
  /** The values as the page came with them, without what was kept here. */
  readonly serverSnapshot: FlagsSnapshot
  readonly #cache: FlagCache | undefined
  readonly #api: Api
  readonly #tells: Tells
  readonly #renew: Start['renewContext']
  readonly #device: BrowserContext | undefined
  #context: BrowserContext
  /** The context that the page gave last, as text. Renewing it takes nothing from that. */
  #given: string | undefined
  /** What the server last gave for the context, in this visit or an earlier one. */
  #values: Values | undefined
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

  constructor(api: Api, { context = {}, device, renewContext, bootstrap, cache }: Start, tells: Tells) {
    this.#api = api
    this.#tells = tells
    this.#cache = cache
    this.#renew = renewContext
    this.#device = device
    this.#context = context
    this.#given = textOf(context)
    this.#valid = bootstrap !== undefined
    const status = this.#valid ? 'ready' : 'loading'
    this.serverSnapshot = { status, flags: bootstrap ?? new Map(), version: undefined }
    this.store = createStore(this.serverSnapshot)
    if (!this.#valid) this.#recall()
  }

  /** The same device before a login and after it; a context that names one itself knows better. */
  get context(): BrowserContext | null {
    // Reading it may run the page's own code, which may throw; the server refuses null.
    return attempt(() => ({ ...this.#device, ...this.#context })) ?? null
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
    if (this.#current) this.#again = true
    else void this.#refresh()
  }

  /** The server has this version. */
  wants(version: number): void {
    this.#wanted = version
    // If something is being asked, its answer shows whether it came in time.
    if (!this.#current && version !== this.store.get().version) void this.#refresh()
  }

  /** Resolves when the values of the context are there, or asking failed, or a later call took over. */
  setContext(context: BrowserContext): Promise<void> {
    const given = textOf(context)
    if (given === this.#given) return this.#refreshing
    this.#given = given
    return this.#use(context)
  }

  /** Whether news may be missed. When it comes in again, what was missed is asked for. */
  setDown(down: boolean): void {
    const isBack = this.#down && !down
    this.#down = down
    if (isBack) this.recheck()
    else this.#update()
  }

  /** A new signature makes nobody else of them: the values stay valid. */
  #use(context: BrowserContext): Promise<void> {
    const same = identity(context) === identity(this.#context)
    this.#context = context
    if (!same) this.#recall()
    return this.#refresh()
  }

  /** Takes what an earlier visit kept for the context, until the server has answered. */
  #recall(): void {
    const kept = this.#cache?.read(this.#context)
    this.#values = kept
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
    const answer = await fetchEvaluations(this.#api, { context: this.context, flags, etag: this.#values?.etag, abort })
    // Unless a later call has taken over.
    if (this.#current !== abort) return
    this.#current = undefined
    this.#take(answer)
  }

  #take({ kind, values, retryAfterMs }: Evaluations): void {
    const failed = !values && kind !== 'unchanged'
    this.#failed = failed
    if (values) {
      this.#valid = true
      this.#values = values
      this.#cache?.write(this.#context, values)
    }
    this.#update(values)
    const { stream } = this.#values ?? {}
    if (!failed && stream) this.#tells.stream(stream)
    if (kind === 'refused') this.#tells.refused()
    else if (this.#again) void this.#refresh()
    else if (failed) this.#refreshLater(retryAfterMs, kind === 'rejected')
    // The server that answered may not have the newest version itself yet.
    else if ((this.store.get().version ?? 0) < this.#wanted) this.#refreshLater()
    else this.#backOff.reset()
  }

  #refreshLater(atLeastMs?: number, rejected = false): void {
    this.#retry = setTimeout(() => void this.#askAgain(rejected), this.#backOff.next(atLeastMs))
  }

  /** What was rejected for its context is asked again with a new one, if there is one by then. */
  async #askAgain(rejected: boolean): Promise<void> {
    const context = this.#context
    let next = context
    try {
      if (rejected) next = (await this.#renew?.()) ?? next
    } catch {
      // The page's own code failed; it is called again at the next attempt.
    }
    // Unless the page has given another meanwhile, which was asked for at once.
    if (context === this.#context) void this.#use(next)
  }

  #status(): FlagsStatus {
    if (!this.#valid) return this.#failed ? 'error' : 'loading'
    return this.#failed || this.#down ? 'stale' : 'ready'
  }

  #update({ flags, version }: Omit<FlagsSnapshot, 'status'> = this.store.get()): void {
    const before = this.store.get()
    const status = this.#status()
    if (flags === before.flags && status === before.status && version === before.version) return
    this.store.set({ status, version, flags })
  }
}
