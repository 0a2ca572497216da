import { keepHouse, startBackground } from './background.ts'
import { DEFAULT_RETENTION, type NodeRole } from './config.ts'
import { accessRoutes, authenticate, makeSetupToken, signingRulesRoute } from './features/access/index.ts'
import { approvalRoutes } from './features/approvals/index.ts'
import { auditRoutes } from './features/audit/index.ts'
import { connectionRoutes } from './features/connections/index.ts'
import { deliveryRoutes, ofrepRoutes, sdkRoutes } from './features/delivery/index.ts'
import { directoryRoutes, type EraseDeps, forecastRoutes } from './features/directory/index.ts'
import { experimentRoutes } from './features/experiments/index.ts'
import { assertSegmentsMakeSense, flagRoutes, flagsUsingUnit, rulesUsingSegments } from './features/flags/index.ts'
import { hygieneRoutes } from './features/hygiene/index.ts'
import { eraseFacts, libraryRoutes, metricsRoutes } from './features/metrics/index.ts'
import {
  findEnvironment,
  findProjectId,
  projectRoutes,
  selectProjects,
  type UnitDeps,
  unitRoutes,
} from './features/projects/index.ts'
import { type Runner, rolloutMetrics, rolloutRoutes, rolloutsUsingUnit } from './features/rollouts/index.ts'
import { segmentRoutes, segmentsUsingUnit } from './features/segments/index.ts'
import { signalRoutes } from './features/signals/index.ts'
import { eraseTold, sinkRoutes } from './features/sinks/index.ts'
import { type GuardedRoute, guardAccess } from './http/access-guard.ts'
import type { App } from './http/app-type.ts'
import { allowBrowsers, BROWSER_ADDRESSES } from './http/cors.ts'
import { serveDashboard } from './http/dashboard.ts'
import { healthRoutes, type Readiness } from './http/health.ts'
import { metricsRoute } from './http/metrics.ts'
import { retentionRoute } from './http/retention.ts'
import { createHttp } from './http/server.ts'
import { databaseAnswers } from './kernel/database-answers.ts'
import { quietErrors } from './kernel/quiet-errors.ts'
import { RateLimit } from './kernel/rate-limit.ts'
import type { Clock } from './ports/clock.ts'
import { seedSampleProject } from './sample-project.ts'
import { type AppOptions, makeServices, type Platform, type Services } from './services.ts'

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
async function addAdminRoutes(
  http: App,
  services: Services,
  { dashboardFolder, retention }: AppOptions,
): Promise<void> {
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
  forecastRoutes(http, services)
  retentionRoute(http, retention ?? DEFAULT_RETENTION)
  connectionRoutes(http, services)
  signalRoutes(http, services)
  sinkRoutes(http, services)
  libraryRoutes(http, { ...services, usesOfMetrics: rolloutMetrics })
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
  signingRulesRoute(http, ({ environmentId }) => services.signing.rules(environmentId))
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
    verifyStreamToken: token => keys.verifyStreamToken(token),
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
