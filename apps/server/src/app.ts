import type { LiveEvent } from '@dimmer/protocol'
import type { Config } from './config.ts'
import { accessRoutes, SdkKeys } from './features/access/index.ts'
import {
  Dashboards,
  deliveryRoutes,
  Feeds,
  Heartbeats,
  Instances,
  ofrepRoutes,
  sdkRoutes,
} from './features/delivery/index.ts'
import { type FlagEvents, flagRoutes } from './features/flags/index.ts'
import { hygieneRoutes } from './features/hygiene/index.ts'
import { forgetOldBatches, metricsRoutes } from './features/metrics/index.ts'
import { findEnvironment, projectRoutes } from './features/projects/index.ts'
import { Runner, rolloutRoutes } from './features/rollouts/index.ts'
import { guardAccess } from './http/access-guard.ts'
import type { App } from './http/app-type.ts'
import { allowBrowsers } from './http/cors.ts'
import { serveDashboard } from './http/dashboard.ts'
import { healthRoutes } from './http/health.ts'
import { createHttp } from './http/server.ts'
import type { Db } from './kernel/database.ts'
import { Hub } from './kernel/hub.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'
import { seedSampleProject } from './sample-project.ts'

/** What the application needs from outside. */
export interface Platform {
  readonly db: Db
  readonly bus: Bus
  readonly clock: Clock
}

export interface AppOptions extends Pick<Config, 'adminToken' | 'lookEveryMs' | 'logLevel'> {
  /** The built dashboard; undefined: none is served. */
  readonly dashboardFolder: string | undefined
}

/** The application: HTTP routes, and the work that goes on beside them. */
export interface Application {
  readonly http: App
  readonly runner: Runner
  /** Starts what goes on in the background and loads all rulesets. Call before listening. */
  start(): Promise<void>
  /** Ends the streams, the background work and the HTTP server, in this order. */
  stop(): Promise<void>
}

const HEARTBEAT_MS = 15_000
const COMPARE_VERSIONS_MS = 1_000
const HOUSEKEEPING_MS = 60_000
const LIVE_CHANNEL = 'dimmer_live'
const REVOKED_CHANNEL = 'dimmer_revoked'

/** Puts the slices together. The list of routes below is the list of what there is. */
export async function createApplication(platform: Platform, options: AppOptions): Promise<Application> {
  const { db, bus, clock } = platform
  const http = await createHttp({ logLevel: options.logLevel })
  const onError = (error: unknown) => http.log.warn({ err: error }, 'background work failed')
  const hub = new Hub<FlagEvents>(onError)
  const keys = new SdkKeys({
    db,
    clock,
    onRevoked: keyId => void bus.publish(REVOKED_CHANNEL, keyId).catch(onError),
  })
  const dashboards = new Dashboards()
  const instances = new Instances(clock, (environmentId, version) => feeds.receiptCame(environmentId, version))
  const heartbeats = new Heartbeats(HEARTBEAT_MS)
  const announce = (project: string, event: LiveEvent) => {
    bus.publish(LIVE_CHANNEL, JSON.stringify({ project, event })).catch(onError)
  }
  const feeds = new Feeds({
    db,
    bus,
    onError,
    announce: (project, event) => dashboards.tell(project, event),
    onVersion: (environmentId, version, at) => instances.committed(environmentId, version, at),
  })
  hub.on('ruleset-changed', changed => void feeds.spread(changed).catch(onError))
  const flagDeps = { db, clock, hub }
  const rolloutDeps = { ...flagDeps, announce }
  const runner = new Runner(rolloutDeps, { everyMs: options.lookEveryMs, onError })

  guardAccess(http, { adminToken: options.adminToken, verifySdkKey: key => keys.verify(key) })
  allowBrowsers(http, [
    '/ofrep/v1/evaluate/flags',
    '/ofrep/v1/evaluate/flags/:key',
    '/sdk/v1/client-stream',
    '/sdk/v1/events',
  ])
  healthRoutes(http, db)
  projectRoutes(http, platform)
  accessRoutes(http, { keys, findEnvironment: (project, environment) => findEnvironment(db, project, environment) })
  flagRoutes(http, flagDeps)
  deliveryRoutes(http, { ...flagDeps, feeds, instances, heartbeats, dashboards })
  sdkRoutes(http, { feeds, instances, heartbeats })
  ofrepRoutes(http, { feeds, clock })
  metricsRoutes(http, platform)
  rolloutRoutes(http, rolloutDeps)
  hygieneRoutes(http, platform)
  if (options.dashboardFolder !== undefined) await serveDashboard(http, options.dashboardFolder)

  const timers: NodeJS.Timeout[] = []
  const repeat = (everyMs: number, work: () => Promise<unknown> | unknown) => {
    const timer = setInterval(() => void Promise.resolve(work()).catch(onError), everyMs)
    timer.unref()
    timers.push(timer)
  }
  const unsubscribe: (() => Promise<void>)[] = []

  return {
    http,
    runner,
    start: async () => {
      await seedSampleProject(flagDeps)
      await feeds.start()
      unsubscribe.push(
        await bus.subscribe(LIVE_CHANNEL, message => {
          const { project, event }: { project: string; event: LiveEvent } = JSON.parse(message)
          dashboards.tell(project, event)
        }),
        await bus.subscribe(REVOKED_CHANNEL, keyId => {
          keys.forgetAll()
          heartbeats.closeKey(keyId)
        }),
      )
      runner.start()
      repeat(COMPARE_VERSIONS_MS, () => feeds.compareVersions())
      repeat(HOUSEKEEPING_MS, async () => {
        instances.forgetGone()
        await keys.saveLastUse()
        await forgetOldBatches(platform)
      })
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      heartbeats.closeAll()
      await runner.stop()
      for (const end of unsubscribe) await end()
      await feeds.stop()
      await http.close()
    },
  }
}
