import { type Config, DEFAULT_RETENTION, type NodeRole, type Retention } from './config.ts'
import {
  accessRoutes,
  accessSettings,
  authenticate,
  countPeopleWhoMay,
  endedAmong,
  Freshness,
  forgetOldAccess,
  makeSetupToken,
  SdkKeys,
  SignInLimits,
} from './features/access/index.ts'
import { type ApprovalDeps, applyDue, approvalRoutes, guardChange, guardStart } from './features/approvals/index.ts'
import { auditRoutes } from './features/audit/index.ts'
import { connectionRoutes } from './features/connections/index.ts'
import { Delivery, deliveryRoutes, ofrepRoutes, sdkRoutes } from './features/delivery/index.ts'
import { Directories, directoryRoutes, type EraseDeps } from './features/directory/index.ts'
import { experimentRoutes } from './features/experiments/index.ts'
import {
  assertSegmentsMakeSense,
  flagRoutes,
  flagsUsingUnit,
  type GuardedChange,
  rulesUsingSegments,
} from './features/flags/index.ts'
import { hygieneRoutes } from './features/hygiene/index.ts'
import { eraseFacts, Ingest, keepEventsHouse, metricsRoutes } from './features/metrics/index.ts'
import {
  findEnvironment,
  findProjectId,
  projectRoutes,
  type RulesetEvents,
  selectProjects,
  type UnitDeps,
  unitRoutes,
} from './features/projects/index.ts'
import {
  dropOldLooks,
  type GuardedStart,
  Runner,
  rolloutRoutes,
  rolloutsUsingUnit,
  thinLooks,
} from './features/rollouts/index.ts'
import { segmentRoutes, segmentsUsingUnit } from './features/segments/index.ts'
import { ExternalSamples, signalRoutes } from './features/signals/index.ts'
import { eraseTold, sinkRoutes, tellSinks } from './features/sinks/index.ts'
import { type GuardedRoute, guardAccess } from './http/access-guard.ts'
import type { App } from './http/app-type.ts'
import { allowBrowsers, BROWSER_ADDRESSES } from './http/cors.ts'
import { serveDashboard } from './http/dashboard.ts'
import { healthRoutes, type Readiness } from './http/health.ts'
import { Metrics, metricsRoute } from './http/metrics.ts'
import { createHttp } from './http/server.ts'
import type { Db, Tx } from './kernel/database.ts'
import { databaseAnswers } from './kernel/database-answers.ts'
import { Hub } from './kernel/hub.ts'
import { newId } from './kernel/ids.ts'
import { quietErrors } from './kernel/quiet-errors.ts'
import { RateLimit } from './kernel/rate-limit.ts'
import type { Sealer } from './kernel/seal.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'
import type { OpenNumberSource } from './ports/number-source.ts'
import type { Outgoing } from './ports/outgoing.ts'
import { seedSampleProject } from './sample-project.ts'

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
  /** Absent: all. */
  readonly role?: Exclude<NodeRole, 'edge'>
  /** Absent: as without any settings. */
  readonly retention?: Retention
  readonly metricsToken?: string | undefined
  /** The built dashboard; undefined: none is served. */
  readonly dashboardFolder: string | undefined
}

/** HTTP routes, and the work that goes on beside them. */
export interface Running {
  readonly http: App
  /** Looks at the rollouts; an edge has none. */
  readonly runner?: Runner
  /** The secret end of the link for the first admin; undefined once anybody has an account. */
  readonly setupToken?: () => Promise<string | undefined>
  /** Starts what goes on in the background and loads all rulesets. Call before listening. */
  start(): Promise<void>
  /** Ends the streams, the background work and the HTTP server, in this order. */
  stop(): Promise<void>
}

/** A server with a database. */
export interface Application extends Running {
  readonly runner: Runner
  readonly setupToken: () => Promise<string | undefined>
  /** What is done once a minute: forgets what is past its time. */
  keepHouse(): Promise<void>
  /** All routes, and who may call each. */
  routes(): readonly GuardedRoute[]
}

const HOUSEKEEPING_MS = 60_000
const APPLY_DUE_MS = 5_000
const TELL_SINKS_MS = 5_000

const RESTORED =
  'The database has an older version than was given out: it was restored, or lost its last changes. It is taken as the truth, and its version raised, so that all SDKs follow it.'

/** Where failures are told that nobody waits for. */
interface Reporting {
  readonly log: App['log']
  readonly onError: (error: unknown) => void
}

/** What the slices share: each thing is built once, here. */
function makeServices(platform: Platform, options: AppOptions, { log, onError }: Reporting) {
  const { db, bus, clock } = platform
  const metrics = new Metrics()
  const hub = new Hub<RulesetEvents>(onError)
  const delivery = new Delivery({
    db,
    bus,
    clock,
    nodeId: newId(),
    onError,
    onRestored: restored => log.error(restored, RESTORED),
    onPropagated: tookMs => metrics.propagated(tookMs),
  })
  const { dashboards, heartbeats, instances, feeds } = delivery
  const keys = new SdkKeys({ db, clock, onRevoked: keyId => delivery.keyRevoked(keyId) })
  const directories = new Directories({ db, clock })
  const ingest = new Ingest({ db, clock })
  const announce: Delivery['announce'] = (project, event) => delivery.announce(project, event)
  hub.on('ruleset-changed', changed => void feeds.spread(changed).catch(onError))
  const approval = { countApprovers }
  const guards = {
    guardChange: (tx: Tx, change: GuardedChange) => guardChange(approval, tx, change),
    guardStart: (started: GuardedStart) => guardStart(approval, db, started),
  }
  const rollouts = { announce, ...guards, externalSamples: new ExternalSamples(platform) }
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

type Services = ReturnType<typeof makeServices>

const countApprovers: ApprovalDeps['countApprovers'] = (db, environment) =>
  countPeopleWhoMay(db, 'change:approve', environment)

/** Everything that counts by a unit of a project, in words. */
const usesOfUnit: UnitDeps['usesOfUnit'] = async (tx, projectId, unit) =>
  (
    await Promise.all([flagsUsingUnit, segmentsUsingUnit, rolloutsUsingUnit].map(find => find(tx, projectId, unit)))
  ).flat()

/** Sinks first: a delivery that is under way is waited for before anything else is locked. */
const eraseElsewhere: EraseDeps['eraseElsewhere'] = async (tx, units) => {
  const told = await eraseTold(tx, units)
  return { told, ...(await eraseFacts(tx, units)) }
}

/** For people and scripts. */
async function addAdminRoutes(http: App, services: Services, { dashboardFolder }: AppOptions): Promise<void> {
  const { db } = services
  projectRoutes(http, services)
  accessRoutes(http, {
    ...services,
    listProjects: () => selectProjects(db),
    findProjectId: project => findProjectId(db, project),
    findEnvironment: (project, environment) => findEnvironment(db, project, environment),
  })
  unitRoutes(http, { ...services, assertRuleset: assertSegmentsMakeSense, usesOfUnit })
  segmentRoutes(http, { ...services, assertRuleset: assertSegmentsMakeSense, usesInRules: rulesUsingSegments })
  flagRoutes(http, services)
  deliveryRoutes(http, services)
  directoryRoutes(http, { ...services, eraseElsewhere })
  connectionRoutes(http, services)
  signalRoutes(http, services)
  sinkRoutes(http, services)
  rolloutRoutes(http, services)
  experimentRoutes(http, services)
  hygieneRoutes(http, services)
  approvalRoutes(http, services)
  auditRoutes(http, services)
  if (dashboardFolder !== undefined) await serveDashboard(http, dashboardFolder)
}

/** For SDKs and browsers. */
function addSdkRoutes(http: App, services: Services): void {
  sdkRoutes(http, services)
  ofrepRoutes(http, services)
}

const callerLimits = (clock: Clock) => ({
  caller: new RateLimit(clock, { burst: 600, everyMs: 50 }),
  refused: new RateLimit(clock, { burst: 120, everyMs: 1_000 }),
})

/** The list of what there is. */
async function addRoutes(http: App, services: Services, options: AppOptions): Promise<Application['routes']> {
  const { keys, metrics } = services
  const { role = 'all' } = options
  metrics.countRequests(http)
  const routes = guardAccess(http, {
    authenticate: request => authenticate(services, request),
    limits: callerLimits(services.clock),
    verifySdkKey: key => keys.verify(key),
  })
  healthRoutes(http, () => readiness(services, role))
  metricsRoute(http, metrics, options.metricsToken)
  if (role !== 'worker') {
    allowBrowsers(http, BROWSER_ADDRESSES)
    metricsRoutes(http, { ...services, onEvaluations: count => metrics.evaluated(count) })
  }
  if (role === 'all' || role === 'stream') addSdkRoutes(http, services)
  if (role === 'all' || role === 'api') await addAdminRoutes(http, services, options)
  return routes
}

/** SDKs are served from memory: for them a node without its database is as ready as any. Others need it. */
async function readiness({ db, bus, delivery }: Services, role: NodeRole): Promise<Readiness> {
  const database = (await databaseAnswers(db)) ? 'up' : 'away'
  const details = { database, bus: bus.health(), environments: delivery.feeds.loaded().length }
  if (delivery.state !== 'ready') return { ready: false, status: delivery.state, ...details }
  const needsDatabase = role === 'api' || role === 'worker'
  if (needsDatabase && database === 'away') return { ready: false, status: 'database-away', ...details }
  return { ready: true, status: 'ready', ...details }
}

/** Work that is asked for again while it goes on is not begun twice. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let going: Promise<void> | undefined
  return () => {
    going ??= work().finally(() => {
      going = undefined
    })
    return going
  }
}

/** Makes room for what comes, and forgets what is past its time. */
async function keepHouse(services: Services, retention = DEFAULT_RETENTION): Promise<void> {
  const { db, clock, ingest } = services
  await keepEventsHouse({ db, clock, partitions: ingest.partitions, ...retention })
  await forgetOldAccess(services)
  await thinLooks(db, clock.now())
  if (retention.looksDays !== undefined) await dropOldLooks(db, clock.now(), retention.looksDays)
}

/** Starts what goes on beside the requests; gives what ends it. */
async function startBackground(
  services: Services,
  { role = 'all', retention }: AppOptions,
): Promise<() => Promise<void>> {
  const { delivery, keys, runner, onError } = services
  const works = role === 'all' || role === 'worker'
  await delivery.start({
    forgetAll: () => keys.forgetAll(),
    revokedAmong: async ids => {
      const [sessions, sdkKeys] = [ids.filter(id => id.includes(':')), ids.filter(id => !id.includes(':'))]
      return [...(await keys.revokedAmong(sdkKeys)), ...(await endedAmong(services, sessions))]
    },
  })
  const housekeeping = async () => {
    await keys.saveLastUse()
    if (works) await keepHouse(services, retention)
  }
  const tell = oneAtATime(() => tellSinks(services))
  const timers = [setInterval(() => void housekeeping().catch(onError), HOUSEKEEPING_MS)]
  if (works) {
    timers.push(setInterval(() => void applyDue(services).catch(onError), APPLY_DUE_MS))
    timers.push(setInterval(() => void tell().catch(onError), TELL_SINKS_MS))
  }
  for (const timer of timers) timer.unref()
  if (works) runner.start()
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await runner.stop()
    await delivery.stop()
  }
}

/** Puts the slices together. */
export async function createApplication(platform: Platform, options: AppOptions): Promise<Application> {
  const http = await createHttp({
    logLevel: options.logLevel,
    trustedProxies: options.trustedProxies,
    tls: options.access.publicUrl?.protocol === 'https:',
  })
  const onError = quietErrors(platform.clock, error => http.log.warn({ err: error }, 'background work failed'))
  const services = makeServices(platform, options, { log: http.log, onError })
  const { delivery, metrics, bus } = services
  metrics.read(() => ({
    streams: delivery.heartbeats.size,
    environments: delivery.figures(),
    queues: delivery.queues(),
    up: { bus: bus.health() === 'up' },
  }))
  const routes = await addRoutes(http, services, options)
  let stopBackground: (() => Promise<void>) | undefined
  return {
    http,
    runner: services.runner,
    routes,
    keepHouse: () => keepHouse(services, options.retention),
    setupToken: () => makeSetupToken(services),
    start: async () => {
      await seedSampleProject(services)
      stopBackground = await startBackground(services, options)
    },
    stop: async () => {
      await stopBackground?.()
      await http.close()
    },
  }
}
