/** The OpenFeature provider for pages. Needs `@openfeature/web-sdk`. */

import {
  ErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderNotReadyError,
  type ResolutionDetails,
  StandardResolutionReasons,
  type TrackingEventDetails,
} from '@openfeature/web-sdk'
import { SDK_VERSION } from './api.ts'
import { type FlagDetails, flagDetails } from './flag-details.ts'
import type { BrowserClient, BrowserContext, FlagsSnapshot, FlagsStatus } from './types.ts'

/** Options of `DimmerProvider`. */
export interface DimmerProviderOptions {
  /**
   * The context attribute that the `targetingKey` stands for, unless the context has that attribute itself.
   * Default: "userId".
   */
  readonly targetingKeyIs?: string
  /** Longest wait for first values, in ms. Default 5,000. */
  readonly readyTimeoutMs?: number
  /** False: the client stays open when OpenFeature closes. Default: true. */
  readonly closeClient?: boolean
}

const ERRORS: Readonly<Record<NonNullable<FlagDetails<unknown>['errorCode']>, readonly [ErrorCode, string]>> = {
  'not-ready': [ErrorCode.PROVIDER_NOT_READY, 'there are no values yet'],
  'flag-not-found': [ErrorCode.FLAG_NOT_FOUND, 'there is no such flag'],
  'type-mismatch': [ErrorCode.TYPE_MISMATCH, 'it serves a value of another type than the default'],
}

/**
 * Serves OpenFeature in a page from a Dimmer client. OpenFeature's context becomes the client's.
 *
 * @example
 * const client = createBrowserClient({ url, clientKey })
 * await OpenFeature.setContext({ targetingKey: 'u-7', accountId: 'acc-1' })
 * await OpenFeature.setProviderAndWait(new DimmerProvider(client))
 * OpenFeature.getClient().getBooleanValue('redesigned-dashboard', false)
 */
export class DimmerProvider implements Provider {
  readonly metadata: { readonly name: string; readonly version: string } = { name: 'dimmer', version: SDK_VERSION }
  readonly runsOn = 'client'
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter()
  readonly #client: BrowserClient
  readonly #options: Required<DimmerProviderOptions>
  #before: FlagsSnapshot
  #stopListening: (() => void) | undefined

  constructor(client: BrowserClient, options: DimmerProviderOptions = {}) {
    this.#client = client
    this.#options = { targetingKeyIs: 'userId', readyTimeoutMs: 5_000, closeClient: true, ...options }
    this.#before = client.getSnapshot()
  }

  /** Waits for values: from the server, or else from the page or an earlier visit. */
  async initialize(context: EvaluationContext = {}): Promise<void> {
    // Without a context, the client's own stays.
    if (Object.keys(context).length > 0) void this.#client.setContext(this.#contextOf(context))
    this.#client.connect()
    this.#before = await this.#client.ready({ timeoutMs: this.#options.readyTimeoutMs })
    this.#stopListening ??= this.#client.subscribe(() => this.#tell(this.#client.getSnapshot()))
    const { status } = this.#before
    if (status === 'loading' || status === 'error') throw new ProviderNotReadyError('the server gave no values')
  }

  /** The former values stay until those of the new context are there. */
  onContextChange(_old: EvaluationContext, context: EvaluationContext): Promise<void> {
    return this.#client.setContext(this.#contextOf(context))
  }

  async onClose(): Promise<void> {
    this.#stopListening?.()
    this.#stopListening = undefined
    if (this.#options.closeClient) this.#client.close()
  }

  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean): ResolutionDetails<boolean> {
    return this.#resolve(flagKey, defaultValue)
  }

  resolveStringEvaluation(flagKey: string, defaultValue: string): ResolutionDetails<string> {
    return this.#resolve(flagKey, defaultValue)
  }

  resolveNumberEvaluation(flagKey: string, defaultValue: number): ResolutionDetails<number> {
    return this.#resolve(flagKey, defaultValue)
  }

  resolveObjectEvaluation<T extends JsonValue>(flagKey: string, defaultValue: T): ResolutionDetails<T> {
    return this.#resolve(flagKey, defaultValue)
  }

  /** `value` and, if they are there, `ok`, `ms` and `creates` of the details are sent, for the client's context. */
  track(name: string, _context: EvaluationContext, details: TrackingEventDetails = {}): void {
    const { value, ok, ms, creates } = details
    const options = Object.entries({ value, ok, ms, creates }).filter(([, given]) => given !== undefined)
    this.#client.track(name, Object.fromEntries(options))
  }

  #resolve<T>(flagKey: string, defaultValue: T): ResolutionDetails<T> {
    const snapshot = this.#client.getSnapshot()
    const { value, variant, reason, errorCode } = flagDetails(snapshot, flagKey, defaultValue) as FlagDetails<T>
    const { version } = snapshot
    const flagMetadata = version === undefined ? {} : { version }
    if (errorCode !== undefined) {
      const [code, why] = ERRORS[errorCode]
      const errorMessage = `flag "${flagKey}": ${why}`
      return { value, reason: StandardResolutionReasons.ERROR, errorCode: code, errorMessage, flagMetadata }
    }
    return {
      value,
      reason: reason ?? StandardResolutionReasons.CACHED,
      flagMetadata,
      ...(variant !== undefined && { variant }),
    }
  }

  #contextOf(given: EvaluationContext): BrowserContext {
    const { targetingKeyIs } = this.#options
    const { targetingKey } = given
    const needsKey = targetingKey !== undefined && given[targetingKeyIs] === undefined
    return needsKey ? { ...given, [targetingKeyIs]: targetingKey } : given
  }

  #tell(now: FlagsSnapshot): void {
    const before = this.#before
    this.#before = now
    const flagsChanged = changedFlags(before, now)
    if (flagsChanged.length > 0) this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged })
    if (eventOf(now.status) === eventOf(before.status)) return
    const event = eventOf(now.status)
    if (event === ProviderEvents.Error) this.events.emit(event, { message: 'the server gave no values' })
    else if (event !== undefined) this.events.emit(event)
  }
}

/** A new context is told by OpenFeature itself. */
function eventOf(status: FlagsStatus): ProviderEvents.Ready | ProviderEvents.Stale | ProviderEvents.Error | undefined {
  if (status === 'ready') return ProviderEvents.Ready
  if (status === 'stale') return ProviderEvents.Stale
  return status === 'error' ? ProviderEvents.Error : undefined
}

/** Flags that didn't change are the same objects. */
function changedFlags({ flags: before }: FlagsSnapshot, { flags: now }: FlagsSnapshot): string[] {
  const keys = new Set([...before.keys(), ...now.keys()])
  return [...keys].filter(key => before.get(key) !== now.get(key))
}
