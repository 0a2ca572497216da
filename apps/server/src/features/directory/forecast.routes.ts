import {
  flagConfigSchema,
  forecastNamesQuerySchema,
  forecastQuerySchema,
  keySchema,
  previewSegmentSchema,
} from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { LIST_BODY_LIMIT } from '../../http/bodies.ts'
import { findEnvironment, findProjectId } from '../projects/index.ts'
import { countSegment } from './count-segment.ts'
import { forecastConfig, forecastNames } from './forecast-config.ts'
import { forecastRequest } from './forecast-request.ts'
import { forecastSegment } from './forecast-segment.ts'
import type { DirectoryDeps } from './upload-directory.ts'

const projectParams = z.strictObject({ project: keySchema })
const configParams = projectParams.extend({ flag: keySchema, environment: keySchema })

/** Who would gain and lose what by a change of a flag or of a segment; who is in a segment. */
export function forecastRoutes(app: App, deps: DirectoryDeps): void {
  app.post(
    '/api/v1/projects/:project/segments/:segment/members',
    {
      config: { permission: 'directory:read' },
      bodyLimit: LIST_BODY_LIMIT,
      schema: { params: projectParams.extend({ segment: keySchema }), body: previewSegmentSchema },
    },
    async request => {
      const projectId = await findProjectId(deps.db, request.params.project)
      return countSegment(deps, { projectId, key: request.params.segment }, request.body)
    },
  )

  app.post(
    '/api/v1/projects/:project/segments/:segment/forecast',
    {
      config: { permission: 'directory:read' },
      bodyLimit: LIST_BODY_LIMIT,
      schema: { params: projectParams.extend({ segment: keySchema }), body: previewSegmentSchema },
    },
    async request => {
      const projectId = await findProjectId(deps.db, request.params.project)
      return forecastSegment(deps, { projectId, key: request.params.segment, parts: request.body })
    },
  )

  app.get(
    '/api/v1/projects/:project/change-requests/:id/forecast',
    {
      config: { permission: 'directory:read' },
      schema: { params: projectParams.extend({ id: z.string().max(100) }) },
    },
    async request => {
      const projectId = await findProjectId(deps.db, request.params.project)
      return forecastRequest(deps, { projectId, id: request.params.id })
    },
  )

  app.post(
    '/api/v1/projects/:project/flags/:flag/environments/:environment/forecast',
    {
      config: { permission: 'directory:read' },
      schema: { params: configParams, querystring: forecastQuerySchema, body: flagConfigSchema },
    },
    async request => {
      const { project, flag, environment } = request.params
      const { by, biggestBy, at } = request.query
      const change = {
        environment: await findEnvironment(deps.db, project, environment),
        flagKey: flag,
        config: request.body,
        ...(at !== undefined && { at }),
      }
      return forecastConfig(deps, change, {
        ...(by !== undefined && { by: by.split(',').filter(attribute => attribute !== '') }),
        ...(biggestBy !== undefined && { biggestBy }),
      })
    },
  )

  app.post(
    '/api/v1/projects/:project/flags/:flag/environments/:environment/forecast/names',
    {
      config: { permission: 'directory:read' },
      schema: { params: configParams, querystring: forecastNamesQuerySchema, body: flagConfigSchema },
    },
    async request => {
      const { project, flag, environment } = request.params
      const found = await findEnvironment(deps.db, project, environment)
      const { at, ...part } = request.query
      const idea = { environment: found, flagKey: flag, config: request.body, ...(at !== undefined && { at }) }
      return forecastNames(deps, idea, part)
    },
  )
}
