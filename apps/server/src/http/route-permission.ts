import { PERMISSIONS, type Permission } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'

/** How much of a project a request touches: the project's own things, every environment, or one. */
export type Reach = 'project' | 'everywhere' | { readonly environment: string }

/** Where a permission is needed. No project: in all of Dimmer. */
export interface Place {
  readonly project?: string
  readonly reach: Reach
}

/**
 * Who may call a route. `public`: anybody; `signed-in`: every person and personal key; `own-account`: persons with an
 * account, about themselves, but no keys; `...-key`: SDK keys of that kind (`ruleset-key`: server or edge; `stream-key`:
 * any, or the token that stands for it in an address); else who has the permission at the place that the address names.
 */
export type RoutePermission =
  | Permission
  | 'public'
  | 'signed-in'
  | 'own-account'
  | 'ruleset-key'
  | 'any-key'
  | 'stream-key'

/** Finds the environment that a request is about, where only the body or the database knows. */
export type FindReach = (request: FastifyRequest) => Reach | Promise<Reach>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route names one; one without does not start. */
    permission?: RoutePermission
    /** Where the permission is needed, if the address alone does not say it. Asked after the body was checked. */
    reach?: 'project' | FindReach
  }
}

export const isPermission = (value: RoutePermission): value is Permission => Object.hasOwn(PERMISSIONS, value)

function param(request: FastifyRequest, name: string): string | undefined {
  const { params } = request
  if (typeof params !== 'object' || params === null) return undefined
  const value: unknown = Reflect.get(params, name)
  return typeof value === 'string' ? value : undefined
}

/** A change without an environment in its address reaches all of them. */
function reachOf(permission: Permission, environment: string | undefined): Reach {
  if (PERMISSIONS[permission].scope !== 'environment') return 'project'
  return environment === undefined ? 'everywhere' : { environment }
}

/** The place that the address names, and the one project that it is in. */
export function placeOf(request: FastifyRequest, permission: Permission): Place {
  const project = param(request, 'project')
  const { reach } = request.routeOptions.config
  const asked = reach === 'project' ? reach : reachOf(permission, param(request, 'environment'))
  return project === undefined ? { reach: asked } : { project, reach: asked }
}
