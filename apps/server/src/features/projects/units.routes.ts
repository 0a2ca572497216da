import { keySchema, putUnitSchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { declareUnit, presentUnits, removeUnit, type UnitDeps } from './change-units.ts'
import { findProjectId } from './find-environment.ts'
import { selectUnits } from './projects-store.ts'

const config = { permission: 'project:manage' } as const
const see = { permission: 'project:read' } as const
const projectParams = z.strictObject({ project: keySchema })
const unitParams = projectParams.extend({ unit: keySchema })
const address = '/api/v1/projects/:project/units'

export function unitRoutes(app: App, deps: UnitDeps): void {
  app.get(address, { config: see, schema: { params: projectParams } }, async request =>
    presentUnits(await selectUnits(deps.db, await findProjectId(deps.db, request.params.project))),
  )

  app.put(`${address}/:unit`, { config, schema: { params: unitParams, body: putUnitSchema } }, async request => {
    const { project, unit: name } = request.params
    const projectId = await findProjectId(deps.db, project)
    return declareUnit(deps, { projectId, name, actor: request.actor }, request.body.attribute)
  })

  app.delete(`${address}/:unit`, { config, schema: { params: unitParams } }, async (request, reply) => {
    const { project, unit: name } = request.params
    const projectId = await findProjectId(deps.db, project)
    await removeUnit(deps, { projectId, name, actor: request.actor })
    return reply.code(204).send()
  })
}
