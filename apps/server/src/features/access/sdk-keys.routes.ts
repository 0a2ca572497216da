import { createSdkKeySchema, keySchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import type { KeyPlace, SdkKeys } from './sdk-keys.ts'

export interface SdkKeyRouteDeps {
  readonly keys: SdkKeys
  readonly findEnvironment: (projectKey: string, environmentKey: string) => Promise<KeyPlace['environment']>
}

const place = z.strictObject({ project: keySchema, environment: keySchema })
const keyPlace = place.extend({ id: z.string().max(100) })

export function sdkKeyRoutes(app: App, { keys, findEnvironment }: SdkKeyRouteDeps): void {
  const config = { permission: 'key:manage' } as const
  const address = '/api/v1/projects/:project/environments/:environment/keys'

  app.get(address, { config, schema: { params: place } }, async request => {
    const environment = await findEnvironment(request.params.project, request.params.environment)
    return keys.list(environment.id)
  })

  app.post(address, { config, schema: { params: place, body: createSdkKeySchema } }, async (request, reply) => {
    const environment = await findEnvironment(request.params.project, request.params.environment)
    return reply.code(201).send(await keys.create({ environment, actor: request.actor }, request.body))
  })

  app.delete(`${address}/:id`, { config, schema: { params: keyPlace } }, async request => {
    const environment = await findEnvironment(request.params.project, request.params.environment)
    return keys.revoke({ environment, actor: request.actor }, request.params.id)
  })
}
