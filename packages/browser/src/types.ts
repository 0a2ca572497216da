import type { TrackOptions } from '@dimmer/sdk-core'
import type { BooleanFlagName, FallbackOf, FlagName, Served } from '@dimmer/sdk-core/flag-types'

/** What is known about who asks: accountId, userId, ... and attributes. Sent to the server, which evaluates. */
export interface BrowserContext {
  readonly targetingKey?: string | undefined
  readonly userId?: string | undefined
  readonly accountId?: string | undefined
  readonly organizationId?: string | undefined
  readonly sessionId?: string | undefined
  readonly requestId?: string | undefined
  /** The word of the application's server that the attributes are true (`signContext` of `@dimmer/node`). */
  readonly signedContext?: string | undefined
  readonly [attribute: string]: unknown
}

/** Options of `createBrowserClient`. */
export interface BrowserClientOptions {
  /** Where the Dimmer server is; empty for the page's own origin. */
  readonly url: string
  /** A browser key of one environment. Not a secret: it gives evaluated values only. */
  readonly clientKey: string
  readonly context?: BrowserContext
  /**
   * Gets the context anew, with a new signature, e.g. from your server. Called when the server no longer takes the one
   * there is, because its signature has run out. A failure is tried again.
   */
  readonly renewContext?: () => Promise<BrowserContext>
  /** Values that came with the page, by flag: the client is ready with them at once. */
  readonly bootstrap?: Readonly<Record<string, unknown>>
  /**
   * A context attribute to fill with a random id of this browser, e.g. "deviceId" for a unit that is declared with it. It
   * stays the same on later visits (`localStorage`) and through `setContext`; a context that has the attribute wins.
   * Default: none.
   */
  readonly deviceAttribute?: string
  /**
   * True: the last values of the last four contexts are kept in `localStorage`, and are there at once on the next visit,
   * as `stale` until the server has answered. Default: false.
   */
  readonly cache?: boolean
  /** False: connects only with `connect()`. Default: at once in a browser, never on a server. */
  readonly autoConnect?: boolean
  readonly fetch?: typeof globalThis.fetch
  /** Default: the browser's own. */
  readonly eventSource?: new (
    url: string,
  ) => EventSourceLike
}

/** What the client uses of `EventSource`. */
export interface EventSourceLike {
  readonly readyState: number
  onmessage: ((event: MessageEvent) => void) | null
  onerror: ((event: Event) => void) | null
  close(): void
}

/**
 * `loading`: no values for this context yet. `ready`: the values are current. `stale`: the last known values, and
 * something newer may have been missed. `error`: no values for this context, and asking failed.
 */
export type FlagsStatus = 'loading' | 'ready' | 'stale' | 'error'

/** A flag as the server evaluated it for the context. */
export interface EvaluatedFlag {
  readonly value: unknown
  readonly variant?: string | undefined
  /** OFREP's word for it, e.g. "TARGETING_MATCH"; absent for bootstrapped values. */
  readonly reason?: string
}

/** Everything at one moment. Never changes; the same object until something changes. */
export interface FlagsSnapshot {
  readonly status: FlagsStatus
  readonly flags: ReadonlyMap<string, EvaluatedFlag>
  /** Ruleset version of the values; undefined while they come from the page. */
  readonly version: number | undefined
}

/** Evaluated flags of one context. Nothing but `createBrowserClient` ever throws, and nothing ever rejects. */
export interface BrowserClient {
  /** Calls `listener` after each change of the snapshot; returns a function that stops it. */
  subscribe(listener: () => void): () => void
  getSnapshot(): FlagsSnapshot
  /** The snapshot as the page came with it: what a server-rendered page must be hydrated with. */
  getServerSnapshot(): FlagsSnapshot
  /** Resolves when the client is no longer loading, at the latest after `timeoutMs` (default 5,000). */
  ready(options?: { readonly timeoutMs?: number }): Promise<FlagsSnapshot>
  /** True if a boolean flag serves true; everything else is false. */
  isEnabled(flag: BooleanFlagName): boolean
  /** The served value if it is of the fallback's type, else the fallback. A null fallback takes any value. */
  value<Key extends FlagName, T extends FallbackOf<Key>>(flag: Key, fallback: T): Served<Key, T>
  /**
   * Somebody else asks. The former values stay until the new ones are there (status `loading` meanwhile). The last call
   * wins. Resolves when its values are there, or a later call took over, or asking failed.
   */
  setContext(context: BrowserContext): Promise<void>
  /** Reports that something happened to the units of the context. */
  track(name: string, options?: TrackOptions): void
  /** Connects; harmless when connected. */
  connect(): void
  /** Sends the waiting tracks and disconnects. The values stay. */
  close(): void
}
