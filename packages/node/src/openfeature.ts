/** The OpenFeature provider for servers. Needs `@openfeature/server-sdk`. */

import {
  ErrorCode,
  type EvaluationContext,
  type FlagMetadata,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/server-sdk'
import { OPENFEATURE_ERRORS, reasonWord } from './openfeature-words.ts'
import { SDK_VERSION } from './sdk-http.ts'
import type { Context, Details, DetailsErrorCode, DimmerClient, StateEvent } from './types.ts'

/** Options of `DimmerProvider`. */
export interface DimmerProviderOptions {
  /**
   * The context attribute that the `targetingKey` stands for, unless the context has that attribute itself.
   * Default: "userId".
   */
  readonly targetingKeyIs?: string
  /** Longest wait for a first ruleset, in ms. Default 5,000. */
  readonly readyTimeoutMs?: number
  /** False: the client stays open when OpenFeature closes. Default: true. */
  readonly closeClient?: boolean
}

const MESSAGES: Readonly<Record<DetailsErrorCode, string>> = {
  'not-ready': 'there is no ruleset yet',
  'type-mismatch': 'it serves a value of another type than the default',
  'flag-not-found': 'there is no such flag',
  'invalid-context': 'the context is not an object, or cannot be read',
  'invalid-flag': 'it is broken, or newer than this SDK',
}

/**
 * Serves OpenFeature from a Dimmer client.
 *
 * @example
 * const client = createClient({ url, sdkKey })
 * await OpenFeature.setProviderAndWait(new DimmerProvider(client))
 * await OpenFeature.getClient().getBooleanValue('new-pdf-engine', false, { targetingKey: 'u-7', accountId: 'acc-1' })
 */
export class DimmerProvider implements Provider {
  readonly metadata: { readonly name: string; readonly version: string } = { name: 'dimmer', version: SDK_VERSION }
  readonly runsOn = 'server'
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter()
  readonly #client: DimmerClient
  readonly #options: Required<DimmerProviderOptions>
  #stopListening: (() => void)[] = []

  constructor(client: DimmerClient, options: DimmerProviderOptions = {}) {
    this.#client = client
    this.#options = { targetingKeyIs: 'userId', readyTimeoutMs: 5_000, closeClient: true, ...options }
  }

  /** Waits for a ruleset: from the server, or else from a bootstrap or the disk. */
  async initialize(): Promise<void> {
    const { state, version, error } = await this.#client.ready({ timeoutMs: this.#options.readyTimeoutMs })
    if (this.#client.status().refused) throw new ProviderFatalError(error ?? 'the server refused the SDK key')
    this.#listen(state)
    if (version === undefined) throw new ProviderNotReadyError(error ?? 'there is no ruleset')
  }

  async onClose(): Promise<void> {
    for (const stop of this.#stopListening) stop()
    this.#stopListening = []
    if (this.#options.closeClient) await this.#client.close()
  }

  resolveBooleanEvaluation(
    flagKey: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve(flagKey, defaultValue, context)
  }

  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve(flagKey, defaultValue, context)
  }

  resolveNumberEvaluation(
    flagKey: string,
    defaultValue: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve(flagKey, defaultValue, context)
  }

  resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve(flagKey, defaultValue, context)
  }

  /** `value` and, if they are there, `ok`, `ms` and `creates` of the details are sent. */
  track(name: string, context: EvaluationContext, details: TrackingEventDetails = {}): void {
    const { value, ok, ms, creates } = details
    const options = Object.entries({ value, ok, ms, creates }).filter(([, given]) => given !== undefined)
    this.#client.track(name, this.#contextOf(context), Object.fromEntries(options))
  }

  #resolve<T>(flagKey: string, defaultValue: T, given: EvaluationContext): Promise<ResolutionDetails<T>> {
    const details = this.#client.details(flagKey, this.#contextOf(given), defaultValue) as Details<T>
    const { value, variant, errorCode } = details
    const resolution = { value, reason: reasonWord(details), flagMetadata: metadataOf(details) }
    if (errorCode === undefined) return Promise.resolve({ ...resolution, ...(variant !== undefined && { variant }) })
    const code = ErrorCode[OPENFEATURE_ERRORS[errorCode]]
    const errorMessage = `flag "${flagKey}": ${MESSAGES[errorCode]}`
    return Promise.resolve({ ...resolution, errorCode: code, errorMessage })
  }

  #contextOf(given: EvaluationContext): Context {
    const { targetingKeyIs } = this.#options
    const { targetingKey } = given
    const needsKey = targetingKey !== undefined && given[targetingKeyIs] === undefined
    const context = needsKey ? { ...given, [targetingKeyIs]: targetingKey } : given
    return hasDate(context) ? withoutDates(context) : context
  }

  #listen(state: StateEvent['state']): void {
    let before = state
    const onState = (now: StateEvent['state']): void => {
      const event = eventFor(now)
      if (event !== undefined && event !== eventFor(before)) this.#emit(event)
      before = now
    }
    this.#stopListening = [
      this.#client.on('state', ({ state: now }) => onState(now)),
      this.#client.on('change', ({ flags, version }) => {
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flags], metadata: { version } })
      }),
    ]
    // OpenFeature says ready by itself when this has returned; what else there is to say comes after that.
    const event = eventFor(state)
    if (event !== ProviderEvents.Ready && event !== undefined) setImmediate(() => this.#emit(event))
  }

  #emit(event: ProviderEvents.Ready | ProviderEvents.Stale | ProviderEvents.Error): void {
    if (event === ProviderEvents.Error) this.events.emit(event, { message: 'there is no connection to the server' })
    else this.events.emit(event)
  }
}

function eventFor(
  state: StateEvent['state'],
): ProviderEvents.Ready | ProviderEvents.Stale | ProviderEvents.Error | undefined {
  if (state === 'live' || state === 'polling') return ProviderEvents.Ready
  if (state === 'stale') return ProviderEvents.Stale
  return state === 'offline' ? ProviderEvents.Error : undefined
}

function hasDate(context: EvaluationContext): boolean {
  for (const name in context) if (context[name] instanceof Date) return true
  return false
}

function withoutDates(context: EvaluationContext): Context {
  const entries = Object.entries(context)
  return Object.fromEntries(entries.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]))
}

function metadataOf({ flagVersion, unit, reason, heldOutBy, missingUnit }: Details<unknown>): FlagMetadata {
  const metadata: FlagMetadata = { flagVersion }
  if (unit !== undefined) metadata.unit = unit
  if (reason?.kind === 'rule') {
    metadata.ruleId = reason.ruleId
    metadata.ruleIndex = reason.index
  } else if (reason?.kind === 'prerequisite-failed') metadata.prerequisite = reason.flagKey
  if (heldOutBy !== undefined) metadata.heldOutBy = heldOutBy
  if (missingUnit !== undefined) metadata.missingUnit = missingUnit
  return metadata
}
