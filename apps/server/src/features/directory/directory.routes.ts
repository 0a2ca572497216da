import {
  eraseQuerySchema,
  keySchema,
  privateAttributesSchema,
  unitIdSchema,
  uploadDirectorySchema,
} from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { csvBody } from '../../http/bodies.ts'
import { findProjectId, selectPrivateAttributes } from '../projects/index.ts'
import { declarePrivate, type PrivateDeps } from './declare-private.ts'
import { describeAttributes } from './describe-attributes.ts'
import { type EraseDeps, eraseUnit } from './erase-unit.ts'
import { readDirectoryCsv } from './upload-csv.ts'
import { uploadDirectory } from './upload-directory.ts'

const projectParams = z.strictObject({ project: keySchema })

/** A file of 300,000 accounts with a few attributes. */
const CSV_LIMIT = 64 * 1024 * 1024
const csvQuery = z.strictObject({ of: z.enum(['account', 'user']) })

export function directoryRoutes(app: App, deps: EraseDeps & PrivateDeps): void {
  const hidden = '/api/v1/projects/:project/private-attributes'
  app.get(hidden, { config: { permission: 'project:read' }, schema: { params: projectParams } }, async request => {
    const projectId = await findProjectId(deps.db, request.params.project)
    return { attributes: await selectPrivateAttributes(deps.db, projectId) }
  })

  app.put(
    hidden,
    { config: { permission: 'project:manage' }, schema: { params: projectParams, body: privateAttributesSchema } },
    async ({ params: { project }, body, actor }) =>
      declarePrivate(deps, { projectId: await findProjectId(deps.db, project), project, actor }, body.attributes),
  )

  app.delete(
    '/api/v1/projects/:project/directory/:unit/:id',
    {
      config: { permission: 'project:manage' },
      schema: { params: projectParams.extend({ unit: keySchema, id: unitIdSchema }), querystring: eraseQuerySchema },
    },
    async ({ params, query, actor }) => {
      const projectId = await findProjectId(deps.db, params.project)
      return eraseUnit(deps, { ...params, ...query, projectId, actor })
    },
  )

  app.post(
    '/api/v1/projects/:project/directory',
    { config: { permission: 'directory:write' }, schema: { params: projectParams, body: uploadDirectorySchema } },
    async request => {
      const { project } = request.params
      const projectId = await findProjectId(deps.db, project)
      return uploadDirectory(deps, { projectId, project, actor: request.actor }, request.body)
    },
  )

  app.get(
    '/api/v1/projects/:project/directory/attributes',
    { config: { permission: 'directory:read' }, schema: { params: projectParams } },
    async request => {
      const { directory } = await deps.directories.of(await findProjectId(deps.db, request.params.project))
      return describeAttributes(directory)
    },
  )

  app.post(
    '/api/v1/projects/:project/directory/csv',
    {
      config: { permission: 'directory:write' },
      bodyLimit: CSV_LIMIT,
      schema: { params: projectParams, querystring: csvQuery, body: csvBody },
    },
    async request => {
      const { project } = request.params
      const projectId = await findProjectId(deps.db, project)
      const batch = await readDirectoryCsv(request.body, request.query.of)
      return uploadDirectory(deps, { projectId, project, actor: request.actor }, batch)
    },
  )
}
