import { type AdminClient, PERMISSIONS, type Permission, type SessionView } from '@dimmer/protocol'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'

export const sessionQuery = (api: AdminClient) =>
  queryOptions({ queryKey: queryKeys.session, queryFn: () => api.session() })

/** Who is signed in; undefined until it is known. */
export function useSession(): SessionView | undefined {
  return useQuery(sessionQuery(useApi())).data
}

/** Why the person can't do this there; undefined if they can. Without an environment: in the project as a whole. */
export function whyNot(
  session: SessionView | undefined,
  permission: Permission,
  place: { readonly project: string; readonly environment?: string },
): string | undefined {
  const project = session?.projects[place.project]
  if (project === undefined) return undefined
  const { role, permissions } = (place.environment && project.environments[place.environment]) || project
  if (permissions.includes(permission)) return undefined
  const where = place.environment === undefined ? 'here' : `in ${place.environment}`
  return `Your role ${where} is ${role}, which doesn't let you ${PERMISSIONS[permission].meaning}.`
}

/** Why the person at the screen can't do this there; undefined if they can. */
export function useWhyNot(
  permission: Permission,
  place: { readonly project: string; readonly environment?: string },
): string | undefined {
  return whyNot(useSession(), permission, place)
}
