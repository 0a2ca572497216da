import type { Context as ExactContext, FlagKey, Reason, RuleId, UnitName, VariantKey } from '@dimmer/engine'
import type { SourceState, TrackOptions } from '@dimmer/sdk-core'
import type { Platform } from './platform.ts'
import type { Problem, ProblemLevel } from './problems.ts'
import type { ValueOf } from './value-type.ts'

/** What is known about who asks. As the engine's, but an attribute may also be there and undefined. */
export type Context = { readonly [Attribute in keyof ExactContext]: ExactContext[Attribute] | undefined }

/** Options of `createClient`. All times are in ms. */
export interface ClientOptions {
  /** Where the Dimmer server is, e.g. "https://flags.example.com". */
  readonly url: string
  /** A server key of one environment. */
  readonly sdkKey: string
  /** Names this process in receipts, 1 to 100 characters. Default: random. */
  readonly instanceId?: string
  /** For a proxy or a custom CA. Default: Node's own. */
  readonly fetch?: typeof globalThis.fetch
  /** The clock, ms since 1970. Default: `Date.now`. */
  readonly now?: () => number
  /** Time between two batches of events. Default 5,000. */
  readonly flushIntervalMs?: number
  /** Longest time between two polls while the stream doesn't work. Default 10,000. */
  readonly pollIntervalMs?: number
  /** Longest wait for the stream's first bytes, and for any other answer. Default 10,000. */
  readonly connectTimeoutMs?: number
  /** Most events to hold while the server is away. Default 10,000. */
  readonly maxEvents?: number
  /** Takes errors and warnings. Default: `console.error` and `console.warn`, and only the first of a kind. */
  readonly log?: (level: ProblemLevel, problem: Problem) => void
  /** Parts of the outside world to replace, e.g. timers in tests. */
  readonly platform?: Partial<Platform>
}

/** What `ready` found. */
export interface Readiness {
  readonly state: SourceState
  /** Undefined while there is no ruleset: evaluations give their fallbacks. */
  readonly version: number | undefined
  /** Where the ruleset came from. */
  readonly source: 'stream' | 'poll' | 'none'
  /** Why there is no ruleset. */
  readonly error?: string
}

export interface ClientStatus {
  readonly state: SourceState
  readonly version: number | undefined
  /** Since the server last confirmed that this is the current version; undefined: never. */
  readonly ageMs: number | undefined
  readonly source: 'stream' | 'poll' | 'none'
  readonly instanceId: string
  /** Tracks, identifies and first exposures that the server hasn't confirmed yet. */
  readonly waitingEvents: number
}

export type DetailsErrorCode = 'not-ready' | 'type-mismatch' | 'flag-not-found' | 'invalid-context' | 'invalid-flag'

/** An evaluation with its reason. */
export interface Details<T> {
  readonly flagKey: FlagKey
  /** The served value, or the fallback if there is an `errorCode`. */
  readonly value: T
  /** The variant that was served, or that was found to be of the wrong type. */
  readonly variant: VariantKey | undefined
  /** Undefined only while there is no ruleset. */
  readonly reason: Reason | undefined
  /** Ruleset version at which the flag last changed; 0 if there is no such flag. */
  readonly flagVersion: number
  readonly unit: UnitName | undefined
  readonly heldOutBy: RuleId | undefined
  /** A unit that was needed and that the context doesn't have. */
  readonly missingUnit: UnitName | undefined
  /** Why the fallback was given. */
  readonly errorCode?: DetailsErrorCode
}

/** The ruleset changed. */
export interface ChangeEvent {
  readonly version: number
  /** The flags that may evaluate differently now. */
  readonly flags: readonly FlagKey[]
}

/** The state changed. */
export interface StateEvent {
  readonly state: SourceState
}

export interface ClientEvents {
  readonly change: ChangeEvent
  readonly state: StateEvent
  readonly error: Problem
  readonly warning: Problem
}

/** A client for one context, e.g. of one request. */
export interface BoundClient {
  readonly context: Context
  isEnabled(flag: FlagKey): boolean
  value<T>(flag: FlagKey, fallback: T): ValueOf<T>
  details<T>(flag: FlagKey, fallback: T): Details<ValueOf<T>>
  track(name: string, options?: TrackOptions): void
}

/** A connection to one environment. Nothing but `createClient` ever throws, and nothing ever rejects. */
export interface DimmerClient {
  /**
   * Resolves as soon as there is a ruleset, at the latest after `timeoutMs` (default 5,000): with the error, then.
   * Never rejects.
   */
  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness>
  /** True if a boolean flag serves true. Everything else - off, unknown, another type, no ruleset yet - is false. */
  isEnabled(flag: FlagKey, context: Context): boolean
  /** The served value if it is of the fallback's type, else the fallback. A null fallback takes any value. */
  value<T>(flag: FlagKey, context: Context, fallback: T): ValueOf<T>
  /** As `value`, with the reason. */
  details<T>(flag: FlagKey, context: Context, fallback: T): Details<ValueOf<T>>
  /** Reports that something happened to the units of the context. */
  track(name: string, context: Context, options?: TrackOptions): void
  /** Reports what is known about the units of the context: all attributes that are no unit ids. */
  identify(context: Context): void
  /** Listens; returns a function that stops it. */
  on<K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void): () => void
  /** A client for one context. */
  forContext(context: Context): BoundClient
  /** Sends the waiting events now. Resolves when the server has them, or the try has failed (they are kept then). */
  flush(): Promise<void>
  /**
   * Sends the waiting events, for at most `timeoutMs` (default 2,000), and disconnects. Evaluations go on with the last
   * ruleset. Calling it again does no harm.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
  status(): ClientStatus
}
