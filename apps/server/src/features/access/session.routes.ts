import { lookAtLinkSchema, type SessionView, setUpSchema, signInSchema, takeLinkSchema } from '@dimmer/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { Caller } from '../../http/caller.ts'
import { originOf } from '../../http/request-origin.ts'
import { assertOwnPage } from '../../http/same-origin.ts'
import { AppError } from '../../kernel/errors.ts'
import { type AuthenticateDeps, authenticate } from './authenticate.ts'
import { lookAtLink, useLink } from './links.ts'
import { type ProjectKeys, viewRights } from './rights-views.ts'
import { endSession, LONGEST_MS } from './sessions.ts'
import { setUp } from './set-up.ts'
import { type SignInLimits, signIn } from './sign-in.ts'

export interface SessionRouteDeps extends AuthenticateDeps {
  readonly limits: SignInLimits
  readonly listProjects: () => Promise<readonly ProjectKeys[]>
}

/** Who calls, if anybody: a page that asks before signing in must not be refused. */
async function callerIfAny(deps: AuthenticateDeps, request: FastifyRequest): Promise<Caller | undefined> {
  try {
    return await authenticate(deps, request)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'unauthenticated' || error.code === 'forbidden')) return undefined
    throw error
  }
}

async function viewSession(deps: SessionRouteDeps, caller: Caller | undefined): Promise<SessionView> {
  const { settings, freshness } = deps
  const projects = caller === undefined ? [] : (await deps.listProjects()).filter(({ key }) => caller.knows(key))
  const who = caller?.actor
  return {
    via: caller?.via ?? null,
    person:
      caller?.via === 'session' && who?.kind === 'person'
        ? { id: who.id, name: who.name, email: who.email ?? '' }
        : null,
    projects: Object.fromEntries(caller === undefined ? [] : projects.map(one => [one.key, viewRights(caller, one)])),
    manages: caller?.may('instance:manage', { reach: 'project' }) ?? false,
    signIn: {
      password: settings.passwords,
      sso: settings.sso?.name ?? null,
      token: settings.adminToken !== undefined,
      fresh: await freshness.isFresh(),
    },
  }
}

/** Who am I, signing in and out, and the links that let people in. */
export function sessionRoutes(app: App, deps: SessionRouteDeps): void {
  const { cookie, publicUrl } = deps.settings
  const open = { permission: 'public' } as const
  const enter = (reply: FastifyReply, token: string) => {
    cookie.write(reply, token, LONGEST_MS)
    return reply.code(204).send()
  }
  const startOf = (request: FastifyRequest) => ({ origin: originOf(request), before: cookie.read(request) })

  app.get('/api/v1/session', { config: open }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    return viewSession(deps, await callerIfAny(deps, request))
  })

  app.post('/api/v1/session', { config: open, schema: { body: signInSchema } }, async (request, reply) => {
    assertOwnPage(request, publicUrl)
    if (!deps.settings.passwords)
      throw new AppError('forbidden', 'Passwords are switched off here; use single sign-on.')
    return enter(reply, await signIn(deps, request.body, startOf(request)))
  })

  app.delete('/api/v1/session', { config: { permission: 'own-account' } }, async (request, reply) => {
    const { actor, sessionId } = callerOf(request)
    await endSession(deps, actor, sessionId.split(':')[0] ?? '')
    cookie.clear(reply)
    return reply.code(204).send()
  })

  app.post(
    '/api/v1/setup',
    { config: { permission: 'instance:manage' }, schema: { body: setUpSchema } },
    async (request, reply) => {
      assertOwnPage(request, publicUrl)
      return enter(reply, await setUp(deps, request.body, originOf(request)))
    },
  )

  app.post('/api/v1/links/look', { config: open, schema: { body: lookAtLinkSchema } }, request =>
    lookAtLink(deps, request.body.token),
  )

  app.post('/api/v1/links/use', { config: open, schema: { body: takeLinkSchema } }, async (request, reply) => {
    assertOwnPage(request, publicUrl)
    deps.limits.attempt(request.ip, 'links')
    const token = await useLink(deps, request.body, startOf(request))
    deps.limits.succeeded(request.ip, 'links')
    return enter(reply, token)
  })
}
