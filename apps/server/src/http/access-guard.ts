import { PERMISSIONS, type Permission } from '@dimmer/protocol'
import type { FastifyRequest, RouteOptions } from 'fastify'
import type { Actor } from '../kernel/actor.ts'
import { AppError } from '../kernel/errors.ts'
import type { RateLimit } from '../kernel/rate-limit.ts'
import type { App } from './app-type.ts'
import { bearerOf } from './bearer.ts'
import type { Caller, SdkCaller } from './caller.ts'
import { reasonsOf } from './reasons.ts'
import { isPermission, type Place, placeOf, type RoutePermission } from './route-permission.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; on routes for people only. */
    actor: Actor
    caller: Caller | null
    sdk: SdkCaller | null
  }
}

export interface GuardOptions {
  /** Gives the person or personal key that calls; refuses with `unauthenticated` or `forbidden`. */
  readonly authenticate: (request: FastifyRequest) => Promise<Caller>
  /** Of people and their keys only: SDKs are held back by their own pauses, and never by each other. */
  readonly limits: {
    /** By session or personal key. */
    readonly caller: RateLimit
    /** Requests without a good key or session, by address. */
    readonly refused: RateLimit
  }
  /** Gives the caller for an SDK key, or undefined if the key is unknown or revoked. */
  readonly verifySdkKey: (key: string) => Promise<SdkCaller | undefined>
  /** The same for the token that stands for a key in the address of an event stream. */
  readonly verifyStreamToken: (token: string) => Promise<SdkCaller | undefined>
}

const NO_KEY = 'Send the SDK key as "Authorization: Bearer ...".'

/** EventSource can't send headers, so a token or the key of a browser, which is no secret, may stand in the address. */
function inQuery({ query }: FastifyRequest, name: 'key' | 'token'): string | undefined {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined
  return typeof value === 'string' ? value : undefined
}

/** The SDK key that was sent, be it good or not. */
export const sdkKeyOf = (request: FastifyRequest): string | undefined => bearerOf(request) ?? inQuery(request, 'key')

async function admitToken(token: string, options: GuardOptions): Promise<SdkCaller> {
  const caller = await options.verifyStreamToken(token)
  if (caller !== undefined) return caller
  throw new AppError(
    'unauthenticated',
    'This token is over, or its key was revoked. Ask for the values anew to get one.',
  )
}

async function admitKey(request: FastifyRequest, permission: string, options: GuardOptions): Promise<SdkCaller> {
  const token = permission === 'stream-key' ? inQuery(request, 'token') : undefined
  if (token !== undefined) return admitToken(token, options)
  const sent = bearerOf(request)
  const key = sdkKeyOf(request)
  if (key === undefined) throw new AppError('unauthenticated', NO_KEY)
  const caller = await options.verifySdkKey(key)
  if (caller === undefined) throw new AppError('unauthenticated', 'The SDK key is unknown or revoked.')
  if (sent === undefined && caller.kind !== 'browser') {
    throw new AppError(
      'forbidden',
      'Addresses end up in logs: only a browser key may stand there. Send it as a header.',
    )
  }
  if (permission === 'ruleset-key' && caller.kind === 'browser') {
    throw new AppError('forbidden', 'A browser key may only ask for evaluated values; rulesets need a server key.')
  }
  return caller
}

const noProject = (project: string): AppError => new AppError('project-not-found', `There is no project "${project}".`)

function refusal(permission: Permission, { project, reach }: Place): AppError {
  const where = project === undefined ? 'in Dimmer as a whole' : `in "${project}"`
  const environment =
    typeof reach === 'object' ? `, ${reach.environment}` : reach === 'everywhere' ? ', in every environment' : ''
  return new AppError(
    'forbidden',
    `Your role does not let you ${PERMISSIONS[permission].meaning} ${where}${environment} (${permission}).`,
  )
}

/** Refuses whoever may not do this there. Whom the project does not know learns nothing about it. */
export function assertMay(caller: Caller, permission: Permission, place: Place): void {
  if (place.project !== undefined && !caller.knows(place.project)) throw noProject(place.project)
  if (!caller.may(permission, place)) throw refusal(permission, place)
}

/** What the address alone tells. Where only the body says which environment it is, one must at least be possible. */
function assertMayAtAddress(request: FastifyRequest, caller: Caller, permission: Permission): void {
  const place = placeOf(request, permission)
  if (place.project === undefined || typeof request.routeOptions.config.reach !== 'function') {
    assertMay(caller, permission, place)
    return
  }
  if (!caller.knows(place.project)) throw noProject(place.project)
  if (!caller.mayAnywhere(permission, place.project)) throw refusal(permission, place)
}

async function assertMayWithBody(request: FastifyRequest): Promise<void> {
  const { permission, reach } = request.routeOptions.config
  if (typeof reach !== 'function' || permission === undefined || !isPermission(permission)) return
  if (request.caller === null) throw new AppError('unauthenticated', 'Sign in first.')
  assertMay(request.caller, permission, { ...placeOf(request, permission), reach: await reach(request) })
}

function assertWithin(limit: RateLimit, key: string): void {
  const wait = limit.take(key)
  if (wait === 0) return
  const seconds = Math.ceil(wait / 1_000)
  throw new AppError('too-many-requests', `Too many requests. Try again in ${seconds} s.`, { retryAfter: seconds })
}

async function admit(request: FastifyRequest, permission: RoutePermission, options: GuardOptions): Promise<void> {
  if (permission === 'public') return
  if (permission === 'any-key' || permission === 'ruleset-key' || permission === 'stream-key') {
    request.sdk = await admitKey(request, permission, options)
    return
  }
  const caller = await options.authenticate(request).catch((error: unknown) => {
    const isRefused = error instanceof AppError && error.code === 'unauthenticated'
    if (isRefused) assertWithin(options.limits.refused, request.ip)
    throw error
  })
  if (caller.via === 'session' || caller.via === 'key') assertWithin(options.limits.caller, caller.sessionId)
  request.caller = caller
  request.actor = { ...caller.actor, ...reasonsOf(request) }
  if (permission === 'own-account' && caller.via !== 'session') {
    throw new AppError('forbidden', 'This is for people who are signed in to their account.')
  }
  if (isPermission(permission)) assertMayAtAddress(request, caller, permission)
}

/** A route, and who may call it. */
export interface GuardedRoute {
  readonly method: string
  readonly url: string
  readonly permission: RoutePermission
}

function listRoutes(routes: readonly RouteOptions[]): readonly GuardedRoute[] {
  return routes.flatMap(({ method, url, config }) =>
    [method].flat().map(one => ({ method: one, url, permission: config?.permission ?? 'public' })),
  )
}

/**
 * Puts the guard before every route, and refuses routes that don't say who may call them. Gives the list of all, which
 * is complete once the server is ready.
 */
export function guardAccess(app: App, options: GuardOptions): () => readonly GuardedRoute[] {
  app.decorateRequest('sdk', null)
  app.decorateRequest('caller', null)
  app.decorateRequest('actor')
  const routes: RouteOptions[] = []
  app.addHook('onRoute', route => {
    routes.push(route)
  })
  app.addHook('onReady', async () => {
    const open = routes.find(route => route.config?.permission === undefined)
    if (open) throw new Error(`${String(open.method)} ${open.url} does not say who may call it (config.permission)`)
  })
  app.addHook('onRequest', async request => {
    const { permission } = request.routeOptions.config
    if (permission !== undefined) await admit(request, permission, options)
  })
  app.addHook('preHandler', assertMayWithBody)
  return () => listRoutes(routes)
}

/** The caller of an SDK route, after the guard. */
export function sdkCaller(request: FastifyRequest): SdkCaller {
  if (request.sdk === null) throw new AppError('unauthenticated', NO_KEY)
  return request.sdk
}

/** The person or personal key that calls a route for people, after the guard. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new AppError('unauthenticated', 'Sign in first.')
  return request.caller
}
