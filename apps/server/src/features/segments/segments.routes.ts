import { keySchema, putSegmentSchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { findProjectId } from '../projects/index.ts'
import { deleteSegment, putSegment, type SegmentDeps } from './change-segment.ts'
import { presentSegment, selectSegmentRows } from './segments-store.ts'

/** Room for a list of some 100,000 ids. */
const LIST_BODY_LIMIT = 8 * 1024 * 1024

const read = { permission: 'project:read' } as const
const write = { permission: 'segment:write' } as const
const projectParams = z.strictObject({ project: keySchema })
const segmentParams = projectParams.extend({ segment: keySchema })
const address = '/api/v1/projects/:project/segments'

export function segmentRoutes(app: App, deps: SegmentDeps): void {
  app.get(address, { config: read, schema: { params: projectParams } }, async request => {
    const rows = await selectSegmentRows(deps.db, await findProjectId(deps.db, request.params.project))
    return rows.map(presentSegment)
  })

  app.put(
    `${address}/:segment`,
    { config: write, bodyLimit: LIST_BODY_LIMIT, schema: { params: segmentParams, body: putSegmentSchema } },
    async request => {
      const projectId = await findProjectId(deps.db, request.params.project)
      return putSegment(deps, { projectId, key: request.params.segment, actor: request.actor }, request.body)
    },
  )

  app.delete(`${address}/:segment`, { config: write, schema: { params: segmentParams } }, async (request, reply) => {
    const projectId = await findProjectId(deps.db, request.params.project)
    await deleteSegment(deps, { projectId, key: request.params.segment, actor: request.actor })
    return reply.code(204).send()
  })
}
