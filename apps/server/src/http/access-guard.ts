import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest, RouteOptions } from 'fastify'
import type { Actor } from '../kernel/actor.ts'
import { AppError } from '../kernel/errors.ts'
import { isLoopback } from '../kernel/loopback.ts'
import type { App } from './app-type.ts'

/** Who may call a route. Every route names one; one without does not start. */
export type RouteAccess = 'public' | 'admin' | 'server-key' | 'any-key'

/** The caller of an SDK route: a key of one environment. */
export interface SdkCaller {
  readonly keyId: string
  readonly kind: 'server' | 'browser'
  readonly environmentId: string
  readonly projectId: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
  }
  interface FastifyRequest {
    actor: Actor
    sdk: SdkCaller | null
  }
}

export interface GuardOptions {
  readonly adminToken: string | undefined
  /** Gives the caller for a key, or undefined if the key is unknown or revoked. */
  readonly verifySdkKey: (key: string) => Promise<SdkCaller | undefined>
}

const bearer = (request: FastifyRequest): string | undefined => {
  const header = request.headers.authorization
  return header?.startsWith('Bearer ') ? header.slice(7).trim() : undefined
}

/** EventSource can't send headers, so a browser key may stand in the query. */
const keyOf = (request: FastifyRequest): string | undefined => {
  const query = request.query
  const fromQuery = typeof query === 'object' && query !== null && 'key' in query ? query.key : undefined
  return bearer(request) ?? (typeof fromQuery === 'string' ? fromQuery : undefined)
}

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What proxies say of those for whom they ask. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via']

const hostName = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')

/**
 * Without a token the admin API is for this machine alone. The names that the browser used are checked too: a foreign
 * page must neither call it (Origin) nor reach it under a name of its own (Host, "DNS rebinding"), and a proxy on this
 * machine must not let everybody in.
 */
function assertLocal(request: FastifyRequest): void {
  if (FORWARDED.some(header => request.headers[header] !== undefined)) {
    throw new AppError(
      'forbidden',
      'Behind a proxy the admin API needs DIMMER_ADMIN_TOKEN: others may stand before it.',
    )
  }
  if (!isLoopback(hostName(request.headers.host ?? ''))) {
    throw new AppError('forbidden', 'Without DIMMER_ADMIN_TOKEN the admin API answers only to localhost.')
  }
  const { origin } = request.headers
  if (origin !== undefined && !(URL.canParse(origin) && isLoopback(hostName(new URL(origin).host)))) {
    throw new AppError('forbidden', 'Pages of other sites may not call the admin API.')
  }
}

function admit(request: FastifyRequest, adminToken: string | undefined): Actor {
  if (adminToken === undefined) {
    assertLocal(request)
    return { kind: 'person', name: 'local' }
  }
  const token = bearer(request)
  if (token === undefined || !sameText(token, adminToken)) {
    throw new AppError('unauthenticated', 'Send the admin token as "Authorization: Bearer ...".')
  }
  return { kind: 'person', name: 'admin' }
}

async function admitKey(request: FastifyRequest, access: RouteAccess, options: GuardOptions): Promise<SdkCaller> {
  const key = keyOf(request)
  if (key === undefined) throw new AppError('unauthenticated', 'Send the SDK key as "Authorization: Bearer ...".')
  const caller = await options.verifySdkKey(key)
  if (caller === undefined) throw new AppError('unauthenticated', 'The SDK key is unknown or revoked.')
  if (access === 'server-key' && caller.kind !== 'server') {
    throw new AppError('forbidden', 'A browser key may only ask for evaluated values; rulesets need a server key.')
  }
  return caller
}

/** Puts the guard before every route, and refuses routes that don't say who may call them. */
export function guardAccess(app: App, options: GuardOptions): void {
  app.decorateRequest('sdk', null)
  app.decorateRequest('actor')
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => {
    routes.push(route)
  })
  app.addHook('onReady', async () => {
    const open = routes.find(route => route.config?.access === undefined)
    if (open) throw new Error(`${String(open.method)} ${open.url} does not say who may call it (config.access)`)
  })
  app.addHook('onRequest', async request => {
    const access = request.routeOptions.config.access
    if (access === undefined || access === 'public') return
    if (access === 'admin') request.actor = admit(request, options.adminToken)
    else request.sdk = await admitKey(request, access, options)
  })
}

/** The caller of an SDK route, after the guard. */
export function sdkCaller(request: FastifyRequest): SdkCaller {
  if (request.sdk === null) throw new AppError('unauthenticated', 'Send the SDK key as "Authorization: Bearer ...".')
  return request.sdk
}
