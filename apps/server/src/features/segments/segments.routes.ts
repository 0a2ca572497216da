import {
  keySchema,
  patchSegmentSchema,
  putSegmentSchema,
  type SegmentView,
  segmentIdsQuerySchema,
} from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { LIST_BODY_LIMIT } from '../../http/bodies.ts'
import { findProjectId } from '../projects/index.ts'
import { deleteSegment, findSegmentRow, patchSegment, putSegment, type SegmentDeps } from './change-segment.ts'
import { usesOfSegments } from './segment-uses.ts'
import { presentSegment } from './segments-rules.ts'
import { selectIdsPart, selectSegmentRows } from './segments-store.ts'

const read = { permission: 'project:read' } as const
const write = { permission: 'segment:write' } as const
const projectParams = z.strictObject({ project: keySchema })
const segmentParams = projectParams.extend({ segment: keySchema })
const address = '/api/v1/projects/:project/segments'

async function show(deps: SegmentDeps, place: { projectId: string; key: string }): Promise<SegmentView> {
  const row = await findSegmentRow(deps.db, place)
  const uses = await usesOfSegments(deps.db, place.projectId, deps.usesInRules)
  return presentSegment(row, uses.get(place.key) ?? [])
}

function readRoutes(app: App, deps: SegmentDeps): void {
  const placeOf = async ({ project, segment: key }: { project: string; segment: string }) => ({
    projectId: await findProjectId(deps.db, project),
    key,
  })

  app.get(address, { config: read, schema: { params: projectParams } }, async request => {
    const projectId = await findProjectId(deps.db, request.params.project)
    const uses = await usesOfSegments(deps.db, projectId, deps.usesInRules)
    const rows = await selectSegmentRows(deps.db, projectId)
    return rows.map(row => presentSegment(row, uses.get(row.key) ?? []))
  })

  app.get(`${address}/:segment`, { config: read, schema: { params: segmentParams } }, async request =>
    show(deps, await placeOf(request.params)),
  )

  app.get(
    `${address}/:segment/ids`,
    { config: read, schema: { params: segmentParams, querystring: segmentIdsQuerySchema } },
    async request => {
      const place = await placeOf(request.params)
      const { list_count, exclude_count } = await findSegmentRow(deps.db, place)
      const ids = await selectIdsPart(deps.db, place, request.query)
      return { total: request.query.of === 'list' ? list_count : exclude_count, ids }
    },
  )
}

export function segmentRoutes(app: App, deps: SegmentDeps): void {
  readRoutes(app, deps)

  app.put(
    `${address}/:segment`,
    { config: write, bodyLimit: LIST_BODY_LIMIT, schema: { params: segmentParams, body: putSegmentSchema } },
    async request => {
      const projectId = await findProjectId(deps.db, request.params.project)
      const place = { projectId, key: request.params.segment }
      await putSegment(deps, { ...place, actor: request.actor }, request.body)
      return show(deps, place)
    },
  )

  app.patch(
    `${address}/:segment`,
    { config: write, bodyLimit: LIST_BODY_LIMIT, schema: { params: segmentParams, body: patchSegmentSchema } },
    async request => {
      const projectId = await findProjectId(deps.db, request.params.project)
      const place = { projectId, key: request.params.segment }
      await patchSegment(deps, { ...place, actor: request.actor }, request.body)
      return show(deps, place)
    },
  )

  app.delete(`${address}/:segment`, { config: write, schema: { params: segmentParams } }, async (request, reply) => {
    const projectId = await findProjectId(deps.db, request.params.project)
    await deleteSegment(deps, { projectId, key: request.params.segment, actor: request.actor })
    return reply.code(204).send()
  })
}
