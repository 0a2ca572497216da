import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { AppError } from '../kernel/errors.ts'
import { isLoopback } from '../kernel/loopback.ts'
import { sameText } from '../kernel/same-text.ts'
import type { App } from './app-type.ts'
import { bearerOf } from './bearer.ts'

/** Environments beyond these share one line, so that their number doesn't make the metrics endless. */
const MOST_ENVIRONMENTS = 200

/** One environment as the metrics show it. */
export interface EnvironmentFigures {
  readonly project: string
  readonly environment: string
  readonly version: number
  readonly streams: number
  readonly instances: number
}

/** What is read when somebody asks for the metrics. */
export interface Figures {
  readonly streams: number
  readonly environments: readonly EnvironmentFigures[]
  /** What waits to be passed on or written, by the name of the queue. */
  readonly queues: Readonly<Record<string, number>>
  /** What this process depends on: 1 is up. */
  readonly up: Readonly<Record<string, boolean>>
}

/** The counters of one server, in a registry of its own. */
export class Metrics {
  readonly registry: Registry = new Registry()
  readonly #propagation: Histogram
  readonly #evaluations: Counter
  readonly #requests: Histogram<'method' | 'route' | 'status'>

  constructor() {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.#propagation = new Histogram({
      name: 'dimmer_propagation_seconds',
      help: 'From the commit of a change until an SDK instance confirmed it, for each instance and change',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    })
    this.#evaluations = new Counter({
      name: 'dimmer_evaluations_total',
      help: 'Evaluations that SDKs have reported to this node',
      registers,
    })
    this.#requests = new Histogram({
      name: 'dimmer_http_request_seconds',
      help: 'Answered requests by route; event streams are not among them',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
      registers,
    })
  }

  propagated(tookMs: number): void {
    this.#propagation.observe(tookMs / 1_000)
  }

  evaluated(count: number): void {
    this.#evaluations.inc(count)
  }

  /** Counts the answers of this server by route, which there are only so many of. */
  countRequests(app: App): void {
    app.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none'
      this.#requests.observe(
        { method: request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` },
        reply.elapsedTime / 1_000,
      )
      done()
    })
  }

  read(figures: () => Figures): void {
    const registers = [this.registry]
    const gauge = (name: string, help: string, labelNames: string[], set: (gauge: Gauge, now: Figures) => void) => {
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset()
          set(this, figures())
        },
      })
    }
    const place = ['project', 'environment']
    const each = (set: (gauge: Gauge, one: EnvironmentFigures) => void) => (of: Gauge, now: Figures) => {
      for (const one of now.environments.slice(0, MOST_ENVIRONMENTS)) set(of, one)
    }
    const labels = ({ project, environment }: EnvironmentFigures) => ({ project, environment })
    gauge('dimmer_streams', 'Open event streams of this node', [], (of, now) => of.set(now.streams))
    gauge(
      'dimmer_environment_streams',
      'Open event streams of SDKs and browsers by environment',
      place,
      each((of, one) => of.set(labels(one), one.streams)),
    )
    gauge(
      'dimmer_ruleset_version',
      'Ruleset version that this node serves',
      place,
      each((of, one) => of.set(labels(one), one.version)),
    )
    gauge(
      'dimmer_instances',
      'SDK instances that are there, of all nodes',
      place,
      each((of, one) => of.set(labels(one), one.instances)),
    )
    gauge('dimmer_queue_depth', 'What waits to be passed on or written', ['queue'], (of, now) => {
      for (const [queue, depth] of Object.entries(now.queues)) of.set({ queue }, depth)
    })
    gauge('dimmer_up', 'What this node depends on: 1 is up', ['what'], (of, now) => {
      for (const [what, up] of Object.entries(now.up)) of.set({ what }, up ? 1 : 0)
    })
  }
}

/** `GET /metrics`: with the token, or, where there is none, from this machine only. */
export function metricsRoute(app: App, metrics: Metrics, token: string | undefined): void {
  app.get('/metrics', { config: { permission: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const sent = bearerOf(request)
    const proxied = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
    const admitted =
      token === undefined ? isLoopback(request.ip) && !proxied : sent !== undefined && sameText(sent, token)
    if (!admitted) {
      throw new AppError(
        'unauthenticated',
        'Send the token of DIMMER_METRICS_TOKEN as "Authorization: Bearer ..."; without one set, ask from the same machine.',
      )
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}
