import type { SsoRefusal } from '@dimmer/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../http/app-type.ts'
import { originOf } from '../../http/request-origin.ts'
import { sessionCookie } from '../../http/session-cookie.ts'
import { AppError } from '../../kernel/errors.ts'
import { type AccessDeps, MINUTE_MS } from './access-deps.ts'
import type { AccessSettings } from './access-settings.ts'
import { signInSso } from './sign-in-sso.ts'
import { Sso, type SsoAttempt, SsoRefused } from './sso.ts'

const ATTEMPT_MS = 10 * MINUTE_MS

const CALLBACK = '/api/v1/sso/callback'

/** As a cookie; its three parts have no dots. */
const pack = ({ state, nonce, verifier }: SsoAttempt): string => [state, nonce, verifier].join('.')

function unpack(text: string | undefined): SsoAttempt {
  const [state, nonce, verifier] = text?.split('.') ?? []
  if (state === undefined || nonce === undefined || verifier === undefined) {
    throw new SsoRefused('too-late')
  }
  return { state, nonce, verifier }
}

/** To the identity provider and back. The attempt is kept in the browser that began it, and nowhere else. */
export function ssoRoutes(app: App, deps: AccessDeps & { readonly settings: AccessSettings }): void {
  const { sso: settings, publicUrl, cookie } = deps.settings
  if (settings === undefined || publicUrl === undefined) return
  const config = { permission: 'public' } as const
  const attempts = sessionCookie('dimmer_sso', publicUrl.protocol === 'https:')
  const sso = new Sso(settings, new URL(CALLBACK, publicUrl))

  /** A person waits for a page: what fails is told by the sign-in page. */
  const fail = (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
    if (!(error instanceof AppError)) throw error
    const reason: SsoRefusal = error instanceof SsoRefused ? error.reason : 'database-away'
    request.log.warn({ err: error, reason }, 'single sign-on failed')
    return reply.redirect(`/?sign-in=${reason}`, 302)
  }

  app.get('/api/v1/sso/start', { config, schema: { hide: true } }, async (request, reply) => {
    try {
      const { url, attempt } = await sso.begin()
      attempts.write(reply, pack(attempt), ATTEMPT_MS)
      return reply.header('cache-control', 'no-store').redirect(url.href, 302)
    } catch (error) {
      return fail(request, reply, error)
    }
  })

  app.get(CALLBACK, { config, schema: { hide: true } }, async (request, reply) => {
    try {
      const attempt = unpack(attempts.read(request))
      attempts.clear(reply)
      const who = await sso.finish(new URL(request.url, publicUrl).search, attempt)
      const start = { origin: originOf(request), before: cookie.read(request) }
      cookie.write(reply, await signInSso(deps, { who, settings }, start), settings.sessionMs)
      return reply.redirect('/', 302)
    } catch (error) {
      return fail(request, reply, error)
    }
  })
}
