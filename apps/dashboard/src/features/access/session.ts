import { type AdminClient, PERMISSIONS, type Permission, type Role, type SessionView } from '@dimmer/protocol'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'

export const sessionQuery = (api: AdminClient) =>
  queryOptions({ queryKey: queryKeys.session, queryFn: () => api.session() })

/** Who is signed in; undefined until it is known. */
export function useSession(): SessionView | undefined {
  return useQuery(sessionQuery(useApi())).data
}

interface Place {
  readonly project: string
  /** Absent: the project as a whole. */
  readonly environment?: string
  /** It reaches all environments, so it must be allowed in each of them. */
  readonly everywhere?: boolean
}

/** What the person is and may do there; undefined while it is not known. */
const rightsAt = (session: SessionView | undefined, { project: key, environment }: Place) => {
  const project = session?.projects[key]
  return (environment && project?.environments[environment]) || project
}

/** The person's role there; undefined while it is not known. */
export function useRoleAt(place: Place): Role | undefined {
  return rightsAt(useSession(), place)?.role
}

/** Why the person can't do this there; undefined if they can. */
export function whyNot(session: SessionView | undefined, permission: Permission, place: Place): string | undefined {
  const { project: key, environment, everywhere = false } = place
  const project = session?.projects[key]
  const rights = rightsAt(session, place)
  if (project === undefined || rights === undefined) return undefined
  if (everywhere) {
    const missing = Object.entries(project.environments).find(([, one]) => !one.permissions.includes(permission))
    if (missing !== undefined && project.permissions.includes(permission)) {
      return `It reaches all environments. ${whyNot(session, permission, { project: key, environment: missing[0] })}`
    }
  }
  const { role, permissions } = rights
  if (permissions.includes(permission)) return undefined
  const where = environment === undefined ? 'here' : `in ${environment}`
  return `Your role ${where} is ${role}, which doesn't let you ${PERMISSIONS[permission].meaning}.`
}

/** Why the person at the screen can't do this there; undefined if they can. */
export function useWhyNot(permission: Permission, place: Place): string | undefined {
  return whyNot(useSession(), permission, place)
}
