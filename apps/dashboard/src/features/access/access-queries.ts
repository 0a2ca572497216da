import type { AdminClient } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const membersQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.members(project), queryFn: () => api.listMembers(project) })

export const invitationsQuery = (api: AdminClient, project: string) =>
  queryOptions({ queryKey: queryKeys.invitations(project), queryFn: () => api.listInvitations(project) })

export const peopleQuery = (api: AdminClient) =>
  queryOptions({ queryKey: queryKeys.people, queryFn: () => api.listPeople() })

export const sessionsQuery = (api: AdminClient) =>
  queryOptions({ queryKey: queryKeys.mySessions, queryFn: () => api.listSessions() })

export const personalKeysQuery = (api: AdminClient) =>
  queryOptions({ queryKey: queryKeys.myKeys, queryFn: () => api.listPersonalKeys() })
