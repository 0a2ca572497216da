import type { FastifyRequest } from 'fastify'
import { bearerOf } from '../../http/bearer.ts'
import { ADMIN_SESSION, almighty, type Caller, LOCAL_SESSION } from '../../http/caller.ts'
import { assertLocal } from '../../http/local-request.ts'
import { originOf } from '../../http/request-origin.ts'
import { assertOwnPage } from '../../http/same-origin.ts'
import { WITHOUT_ACCOUNT } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { sameText } from '../../kernel/same-text.ts'
import type { AccessDeps } from './access-deps.ts'
import type { AccessSettings } from './access-settings.ts'
import { keyCaller, personCaller } from './callers.ts'
import { membershipOf, selectGrants } from './people-store.ts'
import { findPersonalKey, PERSONAL_KEY_PREFIX } from './personal-keys.ts'
import { findSession, personActor } from './sessions.ts'
import type { Freshness } from './set-up.ts'

export interface AuthenticateDeps extends AccessDeps {
  readonly settings: AccessSettings
  readonly freshness: Freshness
}

/** The admin token: for when nobody can sign in any more. Whoever uses it leaves a trace in the log. */
function breakGlass(request: FastifyRequest): Caller {
  const origin = originOf(request)
  request.log.warn(
    `Break-glass: ${request.method} ${request.url.split('?')[0]} with DIMMER_ADMIN_TOKEN from ${origin.ip}`,
  )
  return almighty({ kind: 'person', id: WITHOUT_ACCOUNT.token, name: 'admin', origin }, 'break-glass', ADMIN_SESSION)
}

async function byBearer(deps: AuthenticateDeps, request: FastifyRequest, token: string): Promise<Caller> {
  const { adminToken } = deps.settings
  if (adminToken !== undefined && sameText(token, adminToken)) return breakGlass(request)
  const found = token.startsWith(PERSONAL_KEY_PREFIX) ? await findPersonalKey(deps, token) : undefined
  if (found === undefined)
    throw new AppError(
      'unauthenticated',
      'The key or token is unknown, expired or revoked, or the account behind it is disabled.',
    )
  const { key, person } = found
  const actor = {
    kind: 'key',
    id: key.id,
    name: key.name,
    person: { id: person.id, name: person.name },
    origin: originOf(request),
  } as const
  const membership = membershipOf(await selectGrants(deps.db, person.id))
  return keyCaller({ actor, membership, sessionId: `${key.id}:${person.rights_version}` }, key)
}

async function bySession(deps: AuthenticateDeps, request: FastifyRequest): Promise<Caller | undefined> {
  const token = deps.settings.cookie.read(request)
  const found = token === undefined ? undefined : await findSession(deps, token)
  if (found === undefined) return undefined
  assertOwnPage(request, deps.settings.publicUrl)
  const membership = membershipOf(await selectGrants(deps.db, found.id))
  const sessionId = `${found.session_id}:${found.rights_version}`
  return personCaller({ actor: personActor(found, originOf(request)), membership, sessionId })
}

/** Is this machine's own user let in without an account? */
export async function isLocalOpen({ settings, freshness }: AuthenticateDeps): Promise<boolean> {
  if (settings.localSession === 'auto') return settings.adminToken === undefined && (await freshness.isFresh())
  return settings.localSession === 'on'
}

/**
 * Gives who calls the admin API: by a personal key or the admin token, by the session in the cookie, or, until the
 * first account is made, whoever sits at this machine. Refuses with `unauthenticated` or `forbidden`.
 */
export async function authenticate(deps: AuthenticateDeps, request: FastifyRequest): Promise<Caller> {
  const token = bearerOf(request)
  if (token !== undefined) return byBearer(deps, request, token)
  const person = await bySession(deps, request)
  if (person !== undefined) return person
  if (await isLocalOpen(deps)) {
    assertLocal(request)
    const origin = originOf(request)
    return almighty({ kind: 'person', id: WITHOUT_ACCOUNT.local, name: 'local', origin }, 'local', LOCAL_SESSION)
  }
  throw new AppError('unauthenticated', 'Sign in, or send a personal key as "Authorization: Bearer ...".')
}
