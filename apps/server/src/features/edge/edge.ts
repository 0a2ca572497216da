import { setTimeout as delay } from 'node:timers/promises'
import { type Follower, followRuleset } from '@dimmer/node/follow'
import { guardAccess } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { EnvironmentFigures } from '../../http/metrics.ts'
import { AppError } from '../../kernel/errors.ts'
import { RateLimit } from '../../kernel/rate-limit.ts'
import { steady } from '../../kernel/steady.ts'
import type { Clock } from '../../ports/clock.ts'
import { Heartbeats, Instances, ofrepRoutes, sdkRoutes } from '../delivery/index.ts'
import { edgeRoutes } from './edge.routes.ts'
import { EdgeEvents } from './edge-events.ts'
import { EdgeFeed } from './edge-feed.ts'
import { EDGE_ENVIRONMENT, EdgeKeys } from './edge-keys.ts'
import { EdgeReports } from './edge-reports.ts'
import { RulesetCache } from './ruleset-cache.ts'
import { EDGE_SDK, Upstream } from './upstream.ts'

/** Nobody has business here but SDKs, for whom this is not. */
const ADMIN_LIMIT = { burst: 60, everyMs: 1_000 }
const EVERY_SECOND_MS = 1_000
/** A server that is started anew is not worth alarming everybody. */
const CUT_OFF_AFTER_MS = 2_000
/** So long it waits for its first ruleset before it listens without one. */
const FIRST_RULESET_MS = 5_000
const LAST_EVENTS_MS = 5_000

export interface EdgeOptions {
  readonly clock: Clock
  readonly url: string
  readonly key: string
  readonly instanceId: string
  /** Longest silence on a stream. */
  readonly heartbeatMs: number
  /** Where the last ruleset is kept. */
  readonly cacheFolder: string
  readonly log: App['log']
  readonly onError: (error: unknown) => void
}

/** A server without a database: it follows one environment of another server, and serves it on. */
export class Edge {
  readonly heartbeats: Heartbeats
  readonly instances: Instances
  readonly feeds: EdgeFeed
  readonly events: EdgeEvents
  readonly #options: EdgeOptions
  readonly #keys: EdgeKeys
  readonly #cache: RulesetCache
  readonly #reports: EdgeReports
  #follower: Follower | undefined
  #inTouchAt: number
  #timers: NodeJS.Timeout[] = []

  constructor(options: EdgeOptions) {
    const { clock, url, key, instanceId, cacheFolder, onError } = options
    const upstream = new Upstream({ url, instanceId })
    this.#options = options
    this.heartbeats = new Heartbeats(options.heartbeatMs)
    this.#inTouchAt = steady(clock).now()
    this.#keys = new EdgeKeys({ upstream, clock, key })
    this.#cache = new RulesetCache({ folder: cacheFolder, key, onError })
    this.instances = new Instances(clock, { onChange: () => this.#reports.due() })
    this.feeds = new EdgeFeed(this.heartbeats, clock)
    this.events = new EdgeEvents({ upstream, clock, onError })
    this.#reports = new EdgeReports({ upstream, key, instances: this.instances, own: () => this.#own() })
  }

  /** How it is fed: "live", "stale" ... */
  get state(): string {
    return this.#follower?.state ?? 'starting'
  }

  /** What `/metrics` shows. */
  figures(): readonly EnvironmentFigures[] {
    const feed = this.feeds.current
    if (feed === undefined) return []
    const { project, environment, version } = feed.ruleset
    const instances = this.instances.presentCount(EDGE_ENVIRONMENT)
    return [{ project, environment, version, streams: feed.streams, instances }]
  }

  addRoutes(app: App): void {
    const { clock, key: ownKey } = this.#options
    guardAccess(app, {
      authenticate: () => Promise.reject(new AppError('forbidden', 'An edge has no admin API; ask its server.')),
      limits: {
        caller: new RateLimit(this.#options.clock, ADMIN_LIMIT),
        refused: new RateLimit(this.#options.clock, ADMIN_LIMIT),
      },
      verifySdkKey: key => this.#keys.verify(key),
      verifyStreamToken: token => this.#keys.verifyStreamToken(token),
    })
    sdkRoutes(app, this)
    ofrepRoutes(app, { feeds: this.feeds, clock })
    edgeRoutes(app, { events: this.events, keys: this.#keys, clock, ownKey })
  }

  /** Resolves when there is a ruleset, from the server or from disk, or after a while without. */
  async start(): Promise<void> {
    const { url, key, instanceId, log } = this.#options
    const initial = await this.#cache.read()
    this.#follower = followRuleset(
      { url, sdkKey: key, instanceId, sdk: EDGE_SDK, ...(initial === undefined ? {} : { initial }) },
      {
        onSnapshot: snapshot => {
          this.feeds.take(snapshot)
          this.#cache.keep(snapshot.ruleset)
          this.#reports.due()
        },
        onState: state => {
          log.info({ state }, 'upstream')
          this.#look()
        },
        report: (level, problem) => {
          if (problem.code === 'refused') this.#keys.refuseOwn()
          log[level === 'error' ? 'error' : 'warn']({ code: problem.code }, problem.message)
        },
      },
    )
    const timers = [
      setInterval(() => this.#look(), EVERY_SECOND_MS),
      setInterval(() => this.feeds.current?.pages.lookAtClock(), EVERY_SECOND_MS),
      setInterval(() => void this.#closeRevoked(), EVERY_SECOND_MS),
      setInterval(() => this.instances.sweep(), EVERY_SECOND_MS),
      setInterval(() => this.instances.forgetGone(), 60 * EVERY_SECOND_MS),
    ]
    for (const timer of timers) timer.unref()
    this.#timers = timers
    // What follows the ruleset doesn't hold the process open; until it listens, this does.
    const late = new AbortController()
    const patience = delay(FIRST_RULESET_MS, undefined, { signal: late.signal }).catch(() => undefined)
    await Promise.race([this.feeds.ready(), patience])
    late.abort()
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.heartbeats.moveAway()
    await this.#cache.flush()
    await this.events.close(LAST_EVENTS_MS)
    await this.#reports.close()
    this.#follower?.close()
  }

  #own(): { version: number; state: 'live' | 'polling' } | undefined {
    const version = this.feeds.current?.version
    const { state } = this
    return version !== undefined && (state === 'live' || state === 'polling') ? { version, state } : undefined
  }

  #look(): void {
    const now = steady(this.#options.clock).now()
    if (this.state === 'live' || this.state === 'polling') this.#inTouchAt = now
    this.feeds.setCutOff(now - this.#inTouchAt >= CUT_OFF_AFTER_MS)
    if (this.state === 'offline') void this.#closeRevoked()
  }

  async #closeRevoked(): Promise<void> {
    for (const id of await this.#keys.revokedAmong(this.heartbeats.keyIds())) this.heartbeats.closeKey(id)
  }
}
