import { changePasswordSchema, createPersonalKeySchema } from '@dimmer/protocol'
import { z } from 'zod'
import { callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { originOf } from '../../http/request-origin.ts'
import type { AccessDeps } from './access-deps.ts'
import type { AccessSettings } from './access-settings.ts'
import { changePassword } from './change-password.ts'
import { createPersonalKey, endPersonalKey, listPersonalKeys } from './personal-keys.ts'
import { endAllSessions, endSession, LONGEST_MS, listSessions } from './sessions.ts'
import type { SignInLimits } from './sign-in.ts'

interface AccountRouteDeps extends AccessDeps {
  readonly settings: AccessSettings
  readonly limits: SignInLimits
}

const config = { permission: 'own-account' } as const
const idParams = z.strictObject({ id: z.string().max(100) })

/** What people do with their own account. */
export function accountRoutes(app: App, deps: AccountRouteDeps): void {
  const { cookie } = deps.settings

  app.put('/api/v1/me/password', { config, schema: { body: changePasswordSchema } }, async (request, reply) => {
    const start = { origin: originOf(request), before: cookie.read(request) }
    cookie.write(reply, await changePassword(deps, request.actor, { ...request.body, start }), LONGEST_MS)
    return reply.code(204).send()
  })

  app.get('/api/v1/me/sessions', { config }, request => {
    const { actor, sessionId } = callerOf(request)
    return listSessions(deps, actor.id, sessionId.split(':')[0] ?? '')
  })

  app.delete('/api/v1/me/sessions', { config }, async (request, reply) => {
    await endAllSessions(deps, request.actor)
    cookie.clear(reply)
    return reply.code(204).send()
  })

  app.delete('/api/v1/me/sessions/:id', { config, schema: { params: idParams } }, async (request, reply) => {
    await endSession(deps, request.actor, request.params.id)
    return reply.code(204).send()
  })

  app.get('/api/v1/me/keys', { config }, request => listPersonalKeys(deps, request.actor.id))

  app.post('/api/v1/me/keys', { config, schema: { body: createPersonalKeySchema } }, async (request, reply) =>
    reply.code(201).send(await createPersonalKey(deps, callerOf(request), request.body)),
  )

  app.delete('/api/v1/me/keys/:id', { config, schema: { params: idParams } }, request =>
    endPersonalKey(deps, request.actor, request.params.id),
  )
}
