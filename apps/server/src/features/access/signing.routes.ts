import { createSigningSecretSchema, keySchema, putContextSigningSchema, type SigningRules } from '@dimmer/protocol'
import { z } from 'zod'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { SdkCaller } from '../../http/caller.ts'
import {
  createSigningSecret,
  putSigning,
  revokeSigningSecret,
  type SigningDeps,
  viewSigning,
} from './change-signing.ts'
import type { KeyPlace } from './sdk-keys.ts'

export interface SigningRouteDeps extends SigningDeps {
  readonly findEnvironment: (projectKey: string, environmentKey: string) => Promise<KeyPlace['environment']>
}

const place = z.strictObject({ project: keySchema, environment: keySchema })
const secretPlace = place.extend({ id: z.string().max(100) })

/** How contexts of browsers are signed in an environment. */
export function signingRoutes(app: App, deps: SigningRouteDeps): void {
  const config = { permission: 'key:manage' } as const
  const address = '/api/v1/projects/:project/environments/:environment/context-signing'
  const find = ({ project, environment }: z.infer<typeof place>) => deps.findEnvironment(project, environment)

  app.get(address, { config, schema: { params: place } }, async request =>
    viewSigning(deps.db, (await find(request.params)).id),
  )

  app.put(address, { config, schema: { params: place, body: putContextSigningSchema } }, async request =>
    putSigning(deps, { environment: await find(request.params), actor: request.actor }, request.body),
  )

  app.post(
    `${address}/secrets`,
    { config, schema: { params: place, body: createSigningSecretSchema } },
    async (request, reply) => {
      const environment = await find(request.params)
      return reply.code(201).send(await createSigningSecret(deps, { environment, actor: request.actor }, request.body))
    },
  )

  app.delete(`${address}/secrets/:id`, { config, schema: { params: secretPlace } }, async request => {
    const { id, ...rest } = request.params
    return revokeSigningSecret(deps, { environment: await find(rest), actor: request.actor }, id)
  })
}

/** For edges, which check signed contexts themselves. Secrets go to those whose key is an edge's and to nobody else. */
export function signingRulesRoute(app: App, rulesFor: (caller: SdkCaller) => Promise<SigningRules>): void {
  app.get('/sdk/v1/context-signing', { config: { permission: 'ruleset-key' } }, async (request, reply) => {
    const caller = sdkCaller(request)
    const rules = await rulesFor(caller)
    return reply.header('cache-control', 'no-store').send(caller.kind === 'edge' ? rules : { ...rules, secrets: [] })
  })
}
