import type { LiveEvent } from '@dimmer/protocol'
import type { EnvironmentFigures } from '../../http/metrics.ts'
import type { Db } from '../../kernel/database.ts'
import type { Bus } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SdkKeys } from '../access/index.ts'
import { CutOff } from './cut-off.ts'
import { Dashboards } from './dashboards.ts'
import { Feeds, type Restored } from './feeds.ts'
import { HEARTBEAT_MS, Heartbeats } from './heartbeats.ts'
import { InstanceShare } from './instance-share.ts'
import { Instances } from './instances.ts'
import { Touch } from './touch.ts'

const EVERY_SECOND_MS = 1_000
const FORGET_EVERY_MS = 60_000
const LIVE_CHANNEL = 'dimmer_live'
const REVOKED_CHANNEL = 'dimmer_revoked'

export interface DeliveryDeps {
  readonly db: Db
  readonly bus: Bus
  readonly clock: Clock
  /** This node's, unlike any other's. */
  readonly nodeId: string
  /** Longest silence on a stream; absent: 15 s. */
  readonly heartbeatMs?: number | undefined
  readonly onError: (error: unknown) => void
  readonly onRestored: (restored: Restored) => void
  /** A version was confirmed by an instance, so long after its commit, in ms. */
  readonly onPropagated?: (tookMs: number) => void
}

/** What spreads rulesets from this node, and what is known of those who take them. */
export class Delivery {
  readonly dashboards: Dashboards = new Dashboards()
  readonly heartbeats: Heartbeats
  readonly instances: Instances
  readonly feeds: Feeds
  readonly #deps: DeliveryDeps
  readonly #share: InstanceShare
  readonly #touch: Touch
  readonly #cutOff: CutOff
  #stops: (() => unknown)[] = []
  #state: 'starting' | 'ready' | 'stopping' = 'starting'

  constructor(deps: DeliveryDeps) {
    const { db, bus, clock, nodeId, onError, onRestored } = deps
    this.#deps = deps
    this.heartbeats = new Heartbeats(deps.heartbeatMs ?? HEARTBEAT_MS)
    this.#touch = new Touch(clock)
    this.#cutOff = new CutOff(this.heartbeats)
    this.instances = new Instances(clock, {
      onReceipt: (environmentId, version, tookMs) => {
        this.feeds.receiptCame(environmentId, version)
        if (tookMs !== undefined) deps.onPropagated?.(tookMs)
      },
      onChange: () => this.#share.due(),
    })
    this.#share = new InstanceShare({ bus, instances: this.instances, nodeId, onError })
    this.feeds = new Feeds({
      db,
      bus,
      clock,
      touch: this.#touch,
      cutOff: this.#cutOff,
      onError,
      onRestored,
      announce: (project, event) => this.dashboards.tell(project, event),
      onVersion: (environmentId, version, at) => this.instances.committed(environmentId, version, at),
    })
  }

  /** Tells the open dashboards of all nodes. */
  announce(project: string, event: LiveEvent): void {
    this.#deps.bus.publish(LIVE_CHANNEL, JSON.stringify({ project, event })).catch(this.#deps.onError)
  }

  /** Tells all nodes that a key is no longer good. */
  keyRevoked(keyId: string): void {
    this.#deps.bus.publish(REVOKED_CHANNEL, keyId).catch(this.#deps.onError)
  }

  /** Loads all rulesets and begins to follow the other nodes. */
  async start(keys: Pick<SdkKeys, 'forgetAll' | 'revokedAmong'>): Promise<void> {
    const { bus, onError } = this.#deps
    await this.feeds.start()
    await this.#share.start()
    const stopLive = await bus.subscribe(LIVE_CHANNEL, message => {
      const { project, event }: { project: string; event: LiveEvent } = JSON.parse(message)
      this.dashboards.tell(project, event)
    })
    const stopRevoked = await bus.subscribe(REVOKED_CHANNEL, keyId => {
      keys.forgetAll()
      this.heartbeats.closeKey(keyId)
    })
    // A message on the bus may be lost.
    const closeRevoked = async () => {
      for (const keyId of await keys.revokedAmong(this.heartbeats.keyIds())) this.heartbeats.closeKey(keyId)
    }
    const timers = [
      setInterval(() => void this.feeds.compareVersions(), EVERY_SECOND_MS),
      setInterval(() => this.#lookWhetherCutOff(), EVERY_SECOND_MS),
      setInterval(() => this.feeds.lookAtClock(), EVERY_SECOND_MS),
      setInterval(() => void closeRevoked().catch(onError), EVERY_SECOND_MS),
      setInterval(() => this.instances.sweep(), EVERY_SECOND_MS),
      setInterval(() => this.instances.forgetGone(), FORGET_EVERY_MS),
    ]
    for (const timer of timers) timer.unref()
    this.#state = 'ready'
    this.#stops = [...timers.map(timer => () => clearInterval(timer)), stopLive, stopRevoked]
  }

  #lookWhetherCutOff(): void {
    if (this.#deps.bus.health() === 'down') this.#touch.gap()
    this.#cutOff.set(this.#touch.lost)
  }

  get state(): 'starting' | 'ready' | 'stopping' {
    return this.#state
  }

  /** What waits to be passed on, by the name of the queue. */
  queues(): Readonly<Record<string, number>> {
    return { 'shared-instances': this.instances.changesWaiting }
  }

  /** What `/metrics` shows of each environment. */
  figures(): readonly EnvironmentFigures[] {
    return this.feeds.loaded().map(({ environmentId, projectKey, environmentKey, feed }) => ({
      project: projectKey,
      environment: environmentKey,
      version: feed.version,
      streams: feed.streams,
      instances: this.instances.presentCount(environmentId),
    }))
  }

  async stop(): Promise<void> {
    this.#state = 'stopping'
    for (const stop of this.#stops.splice(0)) await stop()
    await this.heartbeats.moveAway()
    await this.#share.stop()
    await this.feeds.stop()
  }
}
