import { PERMISSIONS, type Permission, type ProjectRights } from '@dimmer/protocol'
import type { Caller } from '../../http/caller.ts'
import type { Reach } from '../../http/route-permission.ts'

/** A project with its environments, by key. */
export interface ProjectKeys {
  readonly key: string
  readonly environments: readonly { readonly key: string }[]
}

const ALL = (Object.keys(PERMISSIONS) as Permission[]).filter(one => PERMISSIONS[one].scope !== 'instance')

const allowed = (caller: Caller, project: string, reach: Reach): readonly Permission[] =>
  ALL.filter(permission => caller.may(permission, { project, reach }))

/** What a caller may do in a project, for pages that switch off what they may not. */
export function viewRights(caller: Caller, { key, environments }: ProjectKeys): ProjectRights {
  const permissions = allowed(caller, key, 'project')
  const differing = environments
    .map(environment => ({ environment, may: allowed(caller, key, { environment: environment.key }) }))
    .filter(({ may }) => may.length !== permissions.length || may.some(one => !permissions.includes(one)))
  return {
    role: caller.roleAt(key),
    permissions,
    environments: Object.fromEntries(
      differing.map(({ environment, may }) => [
        environment.key,
        { role: caller.roleAt(key, environment.key), permissions: may },
      ]),
    ),
  }
}
