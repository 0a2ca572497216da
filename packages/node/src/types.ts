import type { Context as ExactContext, FlagKey, Json, Reason, RuleId, UnitName, VariantKey } from '@dimmer/engine'
import type { SourceState, TrackOptions } from '@dimmer/sdk-core'
import type { BooleanFlagName, FallbackOf, FlagName, Served } from '@dimmer/sdk-core/flag-types'
import type { Platform } from './platform.ts'
import type { Problem, ProblemLevel } from './problems.ts'

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
  /** For a proxy or a CA of your own. Default: Node's own `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** The clock, ms since 1970. Default: `Date.now`. */
  readonly now?: () => number
  /** Time between two batches of events. Default 5,000. */
  readonly flushIntervalMs?: number
  /** Longest time between two polls while the stream doesn't work. Default 10,000. */
  readonly pollIntervalMs?: number
  /** Longest wait for the stream's first bytes, and for any other answer. Default 10,000. */
  readonly connectTimeoutMs?: number
  /** A ruleset to go on with until the server answers, as `GET /sdk/v1/ruleset` gave it, parsed. */
  readonly bootstrap?: unknown
  /** A folder in which the last good ruleset is kept, for starts without a server. Default: none. */
  readonly cacheFolder?: string
  /** True: on SIGTERM the waiting events are sent and the client closes. Default: false. */
  readonly closeOnSigterm?: boolean
  /** Run around each evaluation; more can be added with `addHook`. */
  readonly hooks?: readonly Hook[]
  /** Most events to hold while the server is away. Default 10,000. */
  readonly maxEvents?: number
  /** Takes errors and warnings. Default: `console.error` and `console.warn`, and only the first of a kind. */
  readonly log?: (level: ProblemLevel, problem: Problem) => void
  /** Parts of the outside world to replace, e.g. timers in tests. */
  readonly platform?: Partial<Platform>
}

/** Where the ruleset in use came from. */
export type RulesetSource = 'stream' | 'poll' | 'bootstrap' | 'disk' | 'none'

/** What `ready` found. */
export interface Readiness {
  readonly state: SourceState
  /** Undefined while there is no ruleset: evaluations give their fallbacks. */
  readonly version: number | undefined
  /** Where the ruleset came from. */
  readonly source: RulesetSource
  /** Why there is no ruleset. */
  readonly error?: string
}

export interface ClientStatus {
  readonly state: SourceState
  /** The server refused the SDK key, and the client has stopped asking. */
  readonly refused: boolean
  readonly version: number | undefined
  /** Since the server last confirmed that this is the current version; undefined: never. */
  readonly ageMs: number | undefined
  readonly source: RulesetSource
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

/** The ruleset changed, or a rule of it began or ended at its time. */
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

/** One question that the app asked. */
export interface Call<T = unknown> {
  readonly flagKey: FlagKey
  readonly context: Context
  readonly fallback: T
}

/**
 * Code of the app around each evaluation, e.g. for traces and tests. Synchronous. What it throws is reported and changes
 * nothing. An evaluation that was decided before (`pin`, `forRequest`) runs through it like any other.
 */
export interface Hook {
  /** Gives attributes to add to the context, or nothing. */
  before?(call: Call): Context | undefined
  /** A variant was served. */
  after?(call: Call, details: Details<unknown>): void
  /** The fallback was served; `details.errorCode` says why. */
  error?(call: Call, details: Details<unknown>): void
  /** After both. */
  finally?(call: Call, details: Details<unknown>): void
}

/** A client for one context, e.g. of one request. */
export interface BoundClient {
  readonly context: Context
  isEnabled(flag: BooleanFlagName): boolean
  value<Key extends FlagName, T extends FallbackOf<Key>>(flag: Key, fallback: T): Served<Key, T, Json>
  details<Key extends FlagName, T extends FallbackOf<Key>>(flag: Key, fallback: T): Details<Served<Key, T, Json>>
  track(name: string, options?: TrackOptions): void
}

/** Options of `pin`. */
export interface PinOptions {
  /** Whether a flag that is switched off meanwhile, or one that it needs, is off here too. Default: true. */
  readonly killOverrides?: boolean
}

/** A connection to one environment. Nothing but `createClient` ever throws, and nothing ever rejects. */
export interface DimmerClient {
  /**
   * Resolves as soon as the server has given a ruleset, or was asked in vain while there is one from a bootstrap or the
   * disk; at the latest after `timeoutMs` (default 5,000), with the error if there is no ruleset. Never rejects.
   */
  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness>
  /** True if a boolean flag serves true. Everything else - off, unknown, another type, no ruleset yet - is false. */
  isEnabled(flag: BooleanFlagName, context: Context): boolean
  /** The served value if it is of the fallback's type, else the fallback. A null fallback takes any value. */
  value<Key extends FlagName, T extends FallbackOf<Key>>(flag: Key, context: Context, fallback: T): Served<Key, T, Json>
  /** As `value`, with the reason. */
  details<Key extends FlagName, T extends FallbackOf<Key>>(
    flag: Key,
    context: Context,
    fallback: T,
  ): Details<Served<Key, T, Json>>
  /** Reports that something happened to the units of the context. */
  track(name: string, context: Context, options?: TrackOptions): void
  /** Reports what is known about the units of the context: all attributes that are no unit ids. */
  identify(context: Context): void
  /** Listens; returns a function that stops it. */
  on<K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void): () => void
  /** Runs the hook around each evaluation from now on; returns a function that stops it. */
  addHook(hook: Hook): () => void
  /** A client for one context. It follows every change. */
  forContext(context: Context): BoundClient
  /** A client for one context whose decisions don't change while a request is served; each flag counts once. */
  forRequest(context: Context): BoundClient
  /**
   * A client for one context whose decisions don't change while a workflow goes on, so that a roll-back doesn't break it
   * in mid-step. Flags that are switched off are off all the same, unless told otherwise. It keeps the ruleset of this
   * moment in memory for as long as you hold it.
   */
  pin(context: Context, options?: PinOptions): BoundClient
  /** Sends the waiting events now. Resolves when the server has them, or the try has failed (they are kept then). */
  flush(): Promise<void>
  /**
   * Sends the waiting events, for at most `timeoutMs` (default 2,000), and disconnects. Evaluations go on with the last
   * ruleset. Calling it again does no harm.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
  status(): ClientStatus
}
