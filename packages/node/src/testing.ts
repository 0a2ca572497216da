/** A client for the tests of an application: no network, no time, the same evaluation. */
import type { Condition, Flag, FlagKey, Json, Rule, Ruleset } from '@dimmer/engine'
import type { TrackOptions } from '@dimmer/sdk-core'
import type { FlagName, FlagTypes } from '@dimmer/sdk-core/flag-types'
import { bindContext } from './bound-client.ts'
import { Evaluator } from './evaluator.ts'
import { freeze } from './frozen-client.ts'
import { Listeners } from './listeners.ts'
import type { Report } from './problems.ts'
import { Reporter } from './reporter.ts'
import { RulesetStore } from './ruleset-store.ts'
import type {
  BoundClient,
  ChangeEvent,
  ClientEvents,
  ClientStatus,
  Context,
  Details,
  DimmerClient,
  Hook,
  PinOptions,
  StateEvent,
} from './types.ts'
import type { ValueOf } from './value-type.ts'

/** What flags give, by key. */
export type FlagValues = keyof FlagTypes extends never ? Readonly<Record<string, unknown>> : Partial<FlagTypes>

/** Something that the application did with the client. */
export interface Tracked {
  readonly name: string
  readonly context: Context
  readonly options: TrackOptions
}

/** A variant that was served. */
export interface Exposed {
  readonly flag: FlagKey
  readonly value: unknown
  readonly context: Context
}

/** A `DimmerClient` whose flags the test sets. A flag that was not set is unknown: its fallback is served. */
export interface TestFlags extends DimmerClient {
  /** Everybody gets this; with `only`, those whose attributes are these, and the others what they got before. */
  set<Key extends FlagName>(
    flag: Key,
    value: Key extends keyof FlagTypes ? FlagTypes[Key] : unknown,
    only?: Context,
  ): void
  /** Sets these flags while `run` runs, also when it is asynchronous, and then puts everything back. */
  with<T>(values: FlagValues, run: () => T): T
  /** Puts everything back to the start, and forgets what was tracked, identified and exposed. */
  reset(): void
  readonly tracked: readonly Tracked[]
  readonly identified: readonly Context[]
  readonly exposed: readonly Exposed[]
}

export interface TestFlagsOptions {
  /** A ruleset to start from, e.g. to test with the rules of an environment. */
  readonly ruleset?: unknown
  /** The clock, ms since 1970. Default: `Date.now`. */
  readonly now?: () => number
}

/**
 * A client for tests.
 *
 * @throws TypeError for a ruleset that is none.
 * @example
 * const flags = createTestFlags({ 'new-pdf-engine': true })
 * flags.set('new-pdf-engine', false, { accountId: 'acc-2' })
 * await renderInvoice(flags, { accountId: 'acc-2' })
 * expect(flags.tracked).toMatchObject([{ name: 'pdf.rendered' }])
 */
export function createTestFlags(values: FlagValues = {}, options: TestFlagsOptions = {}): TestFlags {
  return new TestClient(values, options) as unknown as TestFlags
}

const EMPTY: Ruleset = {
  schema: 1,
  project: 'test',
  environment: 'test',
  version: 0,
  flags: {},
  segments: {},
  units: {},
}

/** Of type json, so that it may serve a value of any type. */
function flagOf(key: FlagKey, value: Json): Flag {
  const served = { variants: { served: value }, offVariant: 'served', fallthrough: { variant: 'served' } }
  return { key, type: 'json', salt: key, version: 1, on: true, prerequisites: [], rules: [], ...served }
}

/** What a flag gives to those whom no rule names, if nothing else was set: false, or the fallback. */
const nothingLike = (value: Json): Json => (typeof value === 'boolean' ? false : null)

/** The flag with a rule before the others that gives the value to a context with these attributes. */
function withRule(flag: Flag, value: Json, only: Context): Flag {
  const name = `served-${flag.rules.length + 1}`
  const when: Condition = {
    all: Object.entries(only).map(([attribute, is]) => ({ attribute, op: 'equals', value: is as Json })),
  }
  const rule: Rule = { id: name, when, serve: { variant: name } }
  return { ...flag, variants: { ...flag.variants, [name]: value }, rules: [rule, ...flag.rules] }
}

type ListenerTable = { readonly [K in keyof ClientEvents]: Listeners<ClientEvents[K]> }

class TestClient {
  readonly #start: Ruleset
  readonly #store: RulesetStore
  readonly #evaluator: Evaluator
  readonly #reporter = new Reporter(() => undefined)
  readonly #change: Listeners<ChangeEvent>
  readonly #state: Listeners<StateEvent>
  tracked: Tracked[] = []
  identified: Context[] = []
  exposed: Exposed[] = []

  constructor(values: FlagValues, { ruleset, now = Date.now }: TestFlagsOptions) {
    const onThrow = (error: unknown): void => this.#reporter.listenerThrew(error)
    const report: Report = (level, problem) => this.#reporter.report(level, problem)
    this.#change = new Listeners(onThrow)
    this.#state = new Listeners(onThrow)
    this.#evaluator = new Evaluator({
      now,
      report,
      witness: {
        served: ({ flagKey: flag, value }, context) => void this.exposed.push({ flag, value, context }),
        fellBack: () => undefined,
      },
    })
    this.#store = new RulesetStore(snapshot => this.#evaluator.useSnapshot(snapshot))
    const applied = this.#store.put(ruleset ?? EMPTY)
    if (applied.kind === 'invalid') throw new TypeError(`createTestFlags: "ruleset": ${applied.message}`)
    for (const [flag, value] of Object.entries(values)) this.set(flag, value as Json)
    this.#start = this.#ruleset
  }

  get #ruleset(): Ruleset {
    return this.#store.current ?? EMPTY
  }

  set(key: FlagKey, value: Json, only?: Context): void {
    const { flags } = this.#ruleset
    const known = Object.hasOwn(flags, key) ? flags[key] : undefined
    const flag =
      only === undefined ? flagOf(key, value) : withRule(known ?? flagOf(key, nothingLike(value)), value, only)
    this.#use({ ...flags, [key]: { ...flag, version: this.#ruleset.version + 1 } })
  }

  with<T>(values: FlagValues, run: () => T): T {
    const before = this.#ruleset
    const putBack = (): void => this.#use(before.flags)
    for (const [flag, value] of Object.entries(values)) this.set(flag, value as Json)
    let result: T
    try {
      result = run()
    } catch (error) {
      putBack()
      throw error
    }
    if (!(result instanceof Promise)) {
      putBack()
      return result
    }
    // The caller gets a promise that settles after everything is back.
    return result.finally(putBack) as T
  }

  reset(): void {
    this.#use(this.#start.flags)
    this.tracked = []
    this.identified = []
    this.exposed = []
  }

  ready(): ReturnType<DimmerClient['ready']> {
    return Promise.resolve({ state: 'live', version: this.#ruleset.version, source: 'bootstrap' })
  }

  isEnabled(flag: FlagKey, context: Context): boolean {
    return this.#evaluator.isEnabled(flag, context)
  }

  value<T>(flag: FlagKey, context: Context, fallback: T): ValueOf<T> {
    return this.#evaluator.value(flag, context, fallback)
  }

  details<T>(flag: FlagKey, context: Context, fallback: T): Details<ValueOf<T>> {
    return this.#evaluator.details(flag, context, fallback)
  }

  track(name: string, context: Context, options: TrackOptions = {}): void {
    this.tracked.push({ name, context, options })
  }

  identify(context: Context): void {
    this.identified.push(context)
  }

  on<K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void): () => void {
    const { errors: error, warnings: warning } = this.#reporter
    const table: ListenerTable = { change: this.#change, state: this.#state, error, warning }
    return table[event].add(listener)
  }

  addHook(hook: Hook): () => void {
    return this.#evaluator.addHook(hook)
  }

  forContext(context: Context): BoundClient {
    return bindContext(this, context)
  }

  forRequest(context: Context): BoundClient {
    return freeze(this.#evaluator, context, {
      killOverrides: false,
      countsAgain: false,
      track: this.#trackFor(context),
    })
  }

  pin(context: Context, { killOverrides = true }: PinOptions = {}): BoundClient {
    return freeze(this.#evaluator, context, { killOverrides, countsAgain: true, track: this.#trackFor(context) })
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  status(): ClientStatus {
    const { version } = this.#ruleset
    return {
      state: 'live',
      refused: false,
      version,
      ageMs: 0,
      source: 'bootstrap',
      instanceId: 'test',
      waitingEvents: 0,
    }
  }

  #trackFor(context: Context): BoundClient['track'] {
    return (name, options) => this.track(name, context, options)
  }

  #use(flags: Ruleset['flags']): void {
    const version = this.#ruleset.version + 1
    const applied = this.#store.put({ ...this.#ruleset, version, flags })
    if (applied.kind === 'applied') this.#change.tell({ version, flags: applied.flags })
  }
}
