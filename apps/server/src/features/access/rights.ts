import { PERMISSIONS, type Permission, type Role } from '@dimmer/protocol'
import type { Reach } from '../../http/route-permission.ts'
import { ROLE_PERMISSIONS } from './role-permissions.ts'

/** The role in a project, and where it differs, by environment. */
export interface ProjectRole {
  readonly role: Role
  readonly environments: Readonly<Record<string, Role>>
}

/** All that somebody was given. `everywhere` is their role in projects that have no entry of their own. */
export interface Membership {
  readonly everywhere?: Role
  readonly projects: ReadonlyMap<string, ProjectRole>
}

/** The role that counts in a project; undefined for those it does not know. */
export function roleIn({ projects, everywhere }: Membership, project: string): ProjectRole | undefined {
  return projects.get(project) ?? (everywhere && { role: everywhere, environments: {} })
}

const has = (role: Role, permission: Permission): boolean => ROLE_PERMISSIONS[role].has(permission)

function mayReach({ role, environments }: ProjectRole, permission: Permission, reach: Reach): boolean {
  if (reach === 'project' || PERMISSIONS[permission].scope === 'project') return has(role, permission)
  if (reach === 'everywhere') return [role, ...Object.values(environments)].every(one => has(one, permission))
  const { environment } = reach
  return has(Object.hasOwn(environments, environment) ? (environments[environment] ?? role) : role, permission)
}

/** May they do this there? Without a project: in Dimmer as a whole, which is for admins of all projects. */
export function mayDo(
  membership: Membership,
  permission: Permission,
  { project, reach }: { readonly project?: string; readonly reach: Reach },
): boolean {
  if (project === undefined || PERMISSIONS[permission].scope === 'instance') return membership.everywhere === 'admin'
  const given = roleIn(membership, project)
  return given !== undefined && mayReach(given, permission, reach)
}

/** May they do it in at least one environment of the project? */
export function mayDoSomewhere(membership: Membership, permission: Permission, project: string): boolean {
  const given = roleIn(membership, project)
  return given !== undefined && [given.role, ...Object.values(given.environments)].some(one => has(one, permission))
}

/** What a key is limited to; null: not limited. */
export interface KeyLimits {
  readonly project: string | null
  readonly environments: readonly string[] | null
  readonly permissions: readonly Permission[] | null
}

const READS: readonly Permission[] = ['project:read', 'directory:read', 'audit:read']

function inEnvironments(environments: readonly string[], permission: Permission, reach: Reach): boolean {
  if (READS.includes(permission)) return true
  if (PERMISSIONS[permission].scope !== 'environment' || reach === 'everywhere') return false
  return reach === 'project' || environments.includes(reach.environment)
}

/** Do the limits of a key let it do this? What its person may not, it may not either. */
export function limitsAllow(
  { project, environments, permissions }: KeyLimits,
  permission: Permission,
  place: { readonly project?: string; readonly reach: Reach },
): boolean {
  if (permissions !== null && !permissions.includes(permission)) return false
  if (project !== null && place.project !== project) return false
  return environments === null || inEnvironments(environments, permission, place.reach)
}
