import { diffRulesets, type RulesetPatch } from '@dimmer/engine'
import type { LiveEvent } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import type { Bus } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import { liftVersion, type RulesetChanged, selectOutboxAfter, selectVersions } from '../projects/index.ts'
import type { CutOff } from './cut-off.ts'
import { Feed } from './feed.ts'
import { type LoadedRuleset, loadRuleset } from './load-ruleset.ts'
import type { Touch } from './touch.ts'

const RULESET_CHANNEL = 'dimmer_rulesets'

/** Receipts that arrive within this time are told as one. */
const RECEIPTS_TOGETHER_MS = 100

export interface FeedsDeps {
  readonly db: Db
  readonly bus: Bus
  readonly clock: Clock
  readonly touch: Touch
  readonly cutOff: CutOff
  /** Tells the dashboards on this node. */
  readonly announce: (projectKey: string, event: LiveEvent) => void
  readonly onError: (error: unknown) => void
  /** Called when this node has begun to serve a version; `at` is when it was committed, epoch ms. */
  readonly onVersion: (environmentId: string, version: number, at: number) => void
  readonly onRestored: (restored: Restored) => void
}

/** A database that went back: which version it had, which one was held by somebody, and which one it has now. */
export interface Restored {
  readonly environmentId: string
  readonly found: number
  readonly held: number
  readonly now: number
}

/** Where the routes get feeds from. */
export interface FeedSource {
  feed(environmentId: string): Promise<Feed>
  /** A client says that it has this version, which is newer than ours. */
  claimed(environmentId: string, version: number): void
  /** True: the source of the rulesets is lost, so that they may be out of date. */
  readonly cutOff: boolean
}

/** A node that lacks more changes than this takes the whole ruleset, and so do its SDKs. */
const ONE_BY_ONE = 500

/** What a client claims is believed up to this many versions ahead: a wrong number must not use the numbers up. */
const BELIEVED_AHEAD = 1_000_000

/** A feed with the keys under which people know its place. */
export interface LoadedFeed extends Entry {
  readonly environmentId: string
}

interface Entry {
  readonly projectKey: string
  readonly environmentKey: string
  readonly feed: Feed
}

/**
 * The feeds of this node. A change comes in three ways, and each may come first or twice: over the bus (at once), by
 * the comparison of versions (once a second), and by a client that asks for an environment never served before.
 */
export class Feeds implements FeedSource {
  readonly #deps: FeedsDeps
  readonly #entries = new Map<string, Promise<Entry>>()
  readonly #loaded = new Map<string, Entry>()
  readonly #catchingUp = new Map<string, Promise<void>>()
  /** The latest version confirmed in each environment of which the dashboards have yet to hear. */
  readonly #receipts = new Map<string, number>()
  /** The newest version that clients say they have, where it is newer than ours. */
  readonly #claims = new Map<string, number>()
  #unsubscribe: (() => Promise<void>) | undefined

  constructor(deps: FeedsDeps) {
    this.#deps = deps
  }

  /** Listens to the bus and loads all environments, so that a database that goes away later is not missed. */
  async start(): Promise<void> {
    this.#unsubscribe = await this.#deps.bus.subscribe(RULESET_CHANNEL, message => {
      const changed: RulesetChanged = JSON.parse(message)
      this.#receive(changed)
    })
    this.#deps.bus.onGap(() => {
      this.#deps.touch.gap()
      void this.compareVersions()
    })
    await this.compareVersions()
  }

  async stop(): Promise<void> {
    await this.#unsubscribe?.()
  }

  /** Passes a change that was committed on this node to all nodes, this one included. */
  async spread(changed: RulesetChanged): Promise<void> {
    this.#receive(changed)
    await this.#deps.bus.publish(RULESET_CHANNEL, JSON.stringify(changed))
  }

  /** Tells the dashboards, once for many that come together, up to which version instances have confirmed. */
  receiptCame(environmentId: string, version: number): void {
    const entry = this.#loaded.get(environmentId)
    if (entry === undefined) return
    const waiting = this.#receipts.get(environmentId)
    this.#receipts.set(environmentId, Math.max(version, waiting ?? 0))
    if (waiting !== undefined) return
    const tell = () => {
      const latest = this.#receipts.get(environmentId) ?? version
      this.#receipts.delete(environmentId)
      this.#deps.announce(entry.projectKey, { type: 'receipts', environment: entry.environmentKey, version: latest })
    }
    setTimeout(tell, RECEIPTS_TOGETHER_MS).unref()
  }

  /** While only the database is away this node has what was committed last: a change would come over the bus. */
  get cutOff(): boolean {
    return this.#deps.cutOff.now
  }

  async feed(environmentId: string): Promise<Feed> {
    return (await this.#entry(environmentId)).feed
  }

  /** All that have been loaded. */
  loaded(): readonly LoadedFeed[] {
    return [...this.#loaded].map(([environmentId, entry]) => ({ environmentId, ...entry }))
  }

  /** Tells browsers of rules that have begun or ended. */
  lookAtClock(): void {
    for (const { feed } of this.#loaded.values()) feed.pages.lookAtClock()
  }

  claimed(environmentId: string, version: number): void {
    const have = this.#loaded.get(environmentId)?.feed.version
    if (have === undefined || version <= have || version > have + BELIEVED_AHEAD) return
    this.#claims.set(environmentId, Math.max(version, this.#claims.get(environmentId) ?? 0))
  }

  /** Compares with the database, so that a message lost on the bus costs a second and not a change. */
  async compareVersions(): Promise<void> {
    const compared = this.#deps.touch.comparing()
    try {
      const versions = await selectVersions(this.#deps.db)
      await Promise.all(versions.map(async ({ id, version }) => this.#catchUp(id, await this.#lifted(id, version))))
      compared()
    } catch (error) {
      this.#deps.onError(error)
    }
  }

  /**
   * The database's version. If somebody holds a newer one, the database was restored to an earlier state: it is the
   * truth, but those who hold the newer version would ignore it. So its version is raised above all that were given out.
   */
  async #lifted(id: string, version: number): Promise<number> {
    const held = Math.max(this.#loaded.get(id)?.feed.version ?? 0, this.#claims.get(id) ?? 0)
    this.#claims.delete(id)
    if (held <= version) return version
    const lifted = await liftVersion(this.#deps.db, id, held)
    if (lifted === undefined) return version
    this.#deps.onRestored({ environmentId: id, found: version, held, now: lifted })
    return lifted
  }

  #entry(environmentId: string): Promise<Entry> {
    const known = this.#entries.get(environmentId)
    if (known) return known
    const loading = loadRuleset(this.#deps.db, environmentId).then(({ projectKey, environmentKey, ruleset }) => {
      const entry = { projectKey, environmentKey, feed: new Feed(ruleset, this.#deps.clock) }
      this.#loaded.set(environmentId, entry)
      return entry
    })
    loading.catch(() => this.#entries.delete(environmentId))
    this.#entries.set(environmentId, loading)
    return loading
  }

  #receive(changed: RulesetChanged): void {
    const entry = this.#loaded.get(changed.environmentId)
    if (entry === undefined || changed.patch.to <= entry.feed.version) return
    if (entry.feed.push(changed.patch)) this.#tell(changed.environmentId, entry, changed)
    else void this.#catchUp(changed.environmentId, changed.patch.to).catch(this.#deps.onError)
  }

  #tell(environmentId: string, entry: Entry, change: { patch: RulesetPatch; at: number }): void {
    const { patch, at } = change
    this.#deps.onVersion(environmentId, patch.to, at)
    const { projectKey, environmentKey: environment } = entry
    if (patch.units !== undefined || Object.keys(patch.segments).length > 0) {
      this.#deps.announce(projectKey, { type: 'targeting-changed', environment, version: patch.to })
    }
    for (const flag of Object.keys(patch.flags)) {
      this.#deps.announce(projectKey, { type: 'flag-changed', flag, environment, version: patch.to })
    }
  }

  #catchUp(environmentId: string, version: number): Promise<void> {
    const running = this.#catchingUp.get(environmentId)
    if (running) return running
    const work = this.#fetchMissing(environmentId, version).finally(() => this.#catchingUp.delete(environmentId))
    this.#catchingUp.set(environmentId, work)
    return work
  }

  async #fetchMissing(environmentId: string, version: number): Promise<void> {
    const entry = await this.#entry(environmentId)
    if (entry.feed.version >= version) return
    if (version - entry.feed.version <= ONE_BY_ONE) await this.#pushMissing(environmentId, entry)
    if (entry.feed.version >= version) return
    const loaded: LoadedRuleset = await loadRuleset(this.#deps.db, environmentId)
    if (loaded.ruleset.version <= entry.feed.version) return
    const patch = diffRulesets(entry.feed.ruleset, loaded.ruleset)
    entry.feed.replace(loaded.ruleset)
    this.#tell(environmentId, entry, { patch, at: loaded.changedAt })
  }

  /** As far as the outbox has every change: it has gaps where lists were trimmed, or the database went back. */
  async #pushMissing(environmentId: string, entry: Entry): Promise<void> {
    for (;;) {
      const changes = await selectOutboxAfter(this.#deps.db, environmentId, entry.feed.version)
      for (const { patch, at } of changes) {
        // A change may have come over the bus meanwhile.
        if (patch.to <= entry.feed.version) continue
        if (!entry.feed.push(patch)) return
        this.#tell(environmentId, entry, { patch, at: at.getTime() })
      }
      if (changes.length === 0) return
    }
  }
}
