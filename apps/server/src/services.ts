import type { Config, NodeRole, Retention } from './config.ts'
import {
  accessSettings,
  ContextSigning,
  Freshness,
  peopleWhoMay,
  SdkKeys,
  SignInLimits,
} from './features/access/index.ts'
import { type ApprovalDeps, guardChange, guardSegment } from './features/approvals/index.ts'
import { Delivery } from './features/delivery/index.ts'
import { Directories } from './features/directory/index.ts'
import type { GuardedChange } from './features/flags/index.ts'
import { Ingest } from './features/metrics/index.ts'
import type { RulesetEvents } from './features/projects/index.ts'
import { Runner } from './features/rollouts/index.ts'
import type { GuardedSegment } from './features/segments/index.ts'
import { ExternalSamples } from './features/signals/index.ts'
import type { App } from './http/app-type.ts'
import { Metrics } from './http/metrics.ts'
import type { Db, Tx } from './kernel/database.ts'
import { Hub } from './kernel/hub.ts'
import { newId } from './kernel/ids.ts'
import type { Sealer } from './kernel/seal.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'
import type { OpenNumberSource } from './ports/number-source.ts'
import type { Outgoing } from './ports/outgoing.ts'

/** What the application needs from outside. */
export interface Platform {
  readonly db: Db
  readonly bus: Bus
  readonly clock: Clock
  /** Sends requests to other servers, to public addresses only unless the settings allow more. */
  readonly outgoing: Outgoing
  readonly openSource: OpenNumberSource
  /** Keeps the secrets of other systems; undefined: it has no key, so there can be none. */
  readonly sealer: Sealer | undefined
}

export interface AppOptions extends Pick<Config, 'access' | 'lookEveryMs' | 'logLevel' | 'trustedProxies'> {
  /** Absent: 15 s. */
  readonly heartbeatMs?: number
  /** Absent: all. */
  readonly role?: Exclude<NodeRole, 'edge'>
  /** Absent: as without any settings. */
  readonly retention?: Retention
  readonly metricsToken?: string | undefined
  /** The built dashboard; undefined: none is served. */
  readonly dashboardFolder: string | undefined
}

const RESTORED =
  'The database has an older version than was given out: it was restored, or lost its last changes. It is taken as the truth, and its version raised, so that all SDKs follow it.'

/** Where failures are told that nobody waits for. */
interface Reporting {
  readonly log: App['log']
  readonly onError: (error: unknown) => void
}

/** What the slices share: each thing is built once, here. */
export function makeServices(platform: Platform, options: AppOptions, { log, onError }: Reporting) {
  const { db, bus, clock } = platform
  const metrics = new Metrics()
  const hub = new Hub<RulesetEvents>(onError)
  const delivery = new Delivery({
    db,
    bus,
    clock,
    nodeId: newId(),
    heartbeatMs: options.heartbeatMs,
    onError,
    onRestored: restored => log.error(restored, RESTORED),
    onPropagated: tookMs => metrics.propagated(tookMs),
  })
  const { dashboards, heartbeats, instances, feeds } = delivery
  const signing = new ContextSigning(platform)
  const keys = new SdkKeys({ db, clock, signing, onRevoked: keyId => delivery.keyRevoked(keyId) })
  const directories = new Directories({ db, clock })
  const ingest = new Ingest({ db, clock })
  const announce: Delivery['announce'] = (project, event) => delivery.announce(project, event)
  hub.on('ruleset-changed', changed => void feeds.spread(changed).catch(onError))
  const approval = { approvers, clock }
  const guards = {
    guardChange: (tx: Tx, change: GuardedChange) => guardChange(approval, tx, change),
    guardSegment: (tx: Tx, change: GuardedSegment) => guardSegment(approval, tx, change),
  }
  const rollouts = { announce, approvers, ...guards, externalSamples: new ExternalSamples(platform) }
  const runner = new Runner({ db, clock, hub, ...rollouts }, { everyMs: options.lookEveryMs, onError })
  const access = {
    settings: accessSettings(options.access),
    freshness: new Freshness(db),
    limits: new SignInLimits(clock),
  }
  return {
    ...platform,
    metrics,
    hub,
    keys,
    signing,
    onSigningChanged: () => keys.forgetAll(),
    delivery,
    ...access,
    dashboards,
    heartbeats,
    instances,
    feeds,
    directories,
    ingest,
    ...rollouts,
    ...approval,
    runner,
    onError,
  }
}

export type Services = ReturnType<typeof makeServices>

const approvers: ApprovalDeps['approvers'] = (db, environment) => peopleWhoMay(db, 'change:approve', environment)
