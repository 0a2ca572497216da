import type { Permission, Role } from '@dimmer/protocol'
import type { Caller } from '../../http/caller.ts'
import type { Place } from '../../http/route-permission.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ProjectRole } from './rights.ts'
import { ROLE_PERMISSIONS } from './role-permissions.ts'

/** The environments of a project and its key. */
export interface ProjectPlaces {
  readonly key: string
  readonly environments: readonly string[]
}

function lacks(caller: Caller, role: Role, place: Place): Permission | undefined {
  return [...ROLE_PERMISSIONS[role]].find(permission => !caller.may(permission, place))
}

/** Nobody gives or takes away what they don't have themselves: refuses with `forbidden`. */
export function assertMayGive(caller: Caller, project: ProjectPlaces, given: ProjectRole): void {
  const places: readonly (readonly [Role, Place])[] = [
    [given.role, { project: project.key, reach: 'project' }],
    ...project.environments.map(
      environment =>
        [given.environments[environment] ?? given.role, { project: project.key, reach: { environment } }] as const,
    ),
  ]
  for (const [role, place] of places) {
    if (lacks(caller, role, place) === undefined) continue
    const where = typeof place.reach === 'object' ? ` in ${place.reach.environment}` : ''
    throw new AppError(
      'forbidden',
      `The role "${role}" may do more than you${where}; only those who may as much can give or take it.`,
    )
  }
}

/** Refuses environments that the project doesn't have. */
export function assertEnvironments(project: ProjectPlaces, environments: Readonly<Record<string, Role>>): void {
  const unknown = Object.keys(environments).find(key => !project.environments.includes(key))
  if (unknown === undefined) return
  const known = project.environments.join(', ')
  throw new AppError('invalid-request', `environments: there is no "${unknown}"; the project has ${known}.`, {
    details: [{ path: `environments.${unknown}`, message: `is not one of ${known}` }],
  })
}
