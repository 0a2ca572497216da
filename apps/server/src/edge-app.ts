import type { Running } from './app.ts'
import type { Config, EdgeConfig } from './config.ts'
import { Edge } from './features/edge/index.ts'
import { allowBrowsers, BROWSER_ADDRESSES } from './http/cors.ts'
import { healthRoutes } from './http/health.ts'
import { Metrics, metricsRoute } from './http/metrics.ts'
import { createHttp } from './http/server.ts'
import { newId } from './kernel/ids.ts'
import { quietErrors } from './kernel/quiet-errors.ts'
import type { Clock } from './ports/clock.ts'

export interface EdgeAppOptions
  extends Pick<Config, 'dataDir' | 'heartbeatMs' | 'logLevel' | 'metricsToken' | 'trustedProxies'> {
  readonly edge: EdgeConfig
}

/** A server that serves on what another gives it: SDKs and OFREP, and nothing else. */
export async function createEdge(clock: Clock, options: EdgeAppOptions): Promise<Running> {
  const http = await createHttp({ ...options, tls: false })
  const metrics = new Metrics()
  const edge = new Edge({
    clock,
    url: options.edge.upstream,
    key: options.edge.key,
    instanceId: `edge-${newId()}`,
    cacheFolder: options.dataDir,
    heartbeatMs: options.heartbeatMs,
    log: http.log,
    onError: quietErrors(clock, error => http.log.warn({ err: error }, 'background work failed')),
  })
  let stopping = false
  metrics.countRequests(http)
  edge.addRoutes(http)
  allowBrowsers(http, BROWSER_ADDRESSES)
  healthRoutes(http, async () => {
    const loaded = edge.feeds.current !== undefined
    const status = stopping ? 'stopping' : loaded ? 'ready' : 'starting'
    return { ready: status === 'ready', status, upstream: edge.feeds.cutOff ? 'away' : 'up' }
  })
  metricsRoute(http, metrics, options.metricsToken)
  metrics.read(() => ({
    streams: edge.heartbeats.size,
    environments: edge.figures(),
    queues: { 'event-batches': edge.events.waiting, 'shared-instances': edge.instances.changesWaiting },
    up: { upstream: !edge.feeds.cutOff },
  }))
  return {
    http,
    start: () => edge.start(),
    stop: async () => {
      stopping = true
      await edge.stop()
      await http.close()
    },
  }
}
