import { keySchema, type MetricView, metricsQuerySchema, putMetricSchema, trafficQuerySchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../../http/app-type.ts'
import { selectConnections } from '../../connections/index.ts'
import { findEnvironment, findProjectId } from '../../projects/index.ts'
import { selectEventHealth } from '../event-health.ts'
import { deleteMetric, findMetric, type LibraryDeps, type MetricPlace, putMetric } from './change-metric.ts'
import { selectEventTraffic } from './event-traffic.ts'
import { type FoundUse, type LibraryMetric, metricsOf, presentMetric, presentVersion } from './library-rules.ts'
import { selectMetricRows } from './library-store.ts'
import { type Arrivals, metricHealth } from './metric-health.ts'

const read = { permission: 'project:read' } as const
const write = { permission: 'metric:write' } as const
const projectParams = z.strictObject({ project: keySchema })
const metricParams = projectParams.extend({ metric: keySchema })
const environmentParams = projectParams.extend({ environment: keySchema })
const address = '/api/v1/projects/:project/metrics'

interface Around {
  readonly uses: readonly FoundUse[]
  readonly arrivals: Arrivals | undefined
}

interface Asked {
  readonly project: { readonly id: string; readonly key: string }
  readonly environment: string | undefined
}

async function arrivalsIn({ db, clock }: LibraryDeps, project: string, environment: string): Promise<Arrivals> {
  const { id } = await findEnvironment(db, project, environment)
  const { names } = await selectEventHealth(db, id, clock.now())
  const connections = await selectConnections(db, id)
  return { names, prometheus: connections.some(({ kind }) => kind === 'prometheus') }
}

async function lookAround(deps: LibraryDeps, { project, environment }: Asked): Promise<Around> {
  return {
    uses: await deps.usesOfMetrics(deps.db, project.id),
    arrivals: environment === undefined ? undefined : await arrivalsIn(deps, project.key, environment),
  }
}

function present(metric: LibraryMetric, { uses, arrivals }: Around, now: number): MetricView {
  const health = arrivals && metricHealth(metric.newest.definition, arrivals, now)
  return presentMetric(metric, { uses, health })
}

export function libraryRoutes(app: App, deps: LibraryDeps): void {
  const { db, clock } = deps
  const projectAt = async (key: string) => ({ id: await findProjectId(db, key), key })

  const show = async (place: MetricPlace, environment: string | undefined) => {
    const metric = await findMetric(db, place)
    const around = await lookAround(deps, { project: place.project, environment })
    return { ...present(metric, around, clock.now()), versions: metric.versions.map(presentVersion) }
  }

  app.get(
    address,
    { config: read, schema: { params: projectParams, querystring: metricsQuerySchema } },
    async request => {
      const project = await projectAt(request.params.project)
      const around = await lookAround(deps, { project, environment: request.query.environment })
      return metricsOf(await selectMetricRows(db, project.id)).map(metric => present(metric, around, clock.now()))
    },
  )

  app.get(
    `${address}/:metric`,
    { config: read, schema: { params: metricParams, querystring: metricsQuerySchema } },
    async request => {
      const place = { project: await projectAt(request.params.project), key: request.params.metric }
      return show(place, request.query.environment)
    },
  )

  app.put(
    `${address}/:metric`,
    { config: write, schema: { params: metricParams, body: putMetricSchema } },
    async request => {
      const place = { project: await projectAt(request.params.project), key: request.params.metric }
      await putMetric(deps, { ...place, actor: request.actor }, request.body)
      return show(place, undefined)
    },
  )

  app.delete(`${address}/:metric`, { config: write, schema: { params: metricParams } }, async (request, reply) => {
    const place = { project: await projectAt(request.params.project), key: request.params.metric }
    await deleteMetric(deps, { ...place, actor: request.actor })
    return reply.code(204).send()
  })

  app.get(
    '/api/v1/projects/:project/environments/:environment/events/traffic',
    { config: read, schema: { params: environmentParams, querystring: trafficQuerySchema } },
    async request => {
      const { id } = await findEnvironment(db, request.params.project, request.params.environment)
      return selectEventTraffic(db, { environmentId: id, ...request.query }, clock.now())
    },
  )
}
