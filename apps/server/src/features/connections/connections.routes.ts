import { createConnectionSchema, keySchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { findEnvironment } from '../projects/index.ts'
import { type ConnectionDeps, createConnection, deleteConnection } from './change-connections.ts'
import { selectConnections } from './connections-store.ts'
import { viewConnection } from './connections-views.ts'

const place = z.strictObject({ project: keySchema, environment: keySchema })
const connectionPlace = place.extend({ connection: keySchema })
const address = '/api/v1/projects/:project/environments/:environment/connections'

export function connectionRoutes(app: App, deps: ConnectionDeps): void {
  const config = { permission: 'project:manage' } as const
  const see = { permission: 'project:read' } as const

  app.get(address, { config: see, schema: { params: place } }, async request => {
    const environment = await findEnvironment(deps.db, request.params.project, request.params.environment)
    return (await selectConnections(deps.db, environment.id)).map(viewConnection)
  })

  app.post(address, { config, schema: { params: place, body: createConnectionSchema } }, async (request, reply) => {
    const environment = await findEnvironment(deps.db, request.params.project, request.params.environment)
    const made = await createConnection(deps, { environment, actor: request.actor }, request.body)
    return reply.code(201).send(made)
  })

  app.delete(`${address}/:connection`, { config, schema: { params: connectionPlace } }, async (request, reply) => {
    const { project, environment: key, connection } = request.params
    const environment = await findEnvironment(deps.db, project, key)
    await deleteConnection(deps, { environment, actor: request.actor }, connection)
    return reply.code(204).send()
  })
}
