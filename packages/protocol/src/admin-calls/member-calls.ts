import type {
  AccountView,
  InvitationView,
  Invite,
  Invited,
  MemberView,
  PasswordLink,
  ProjectRoleInput,
  Role,
} from '../access-messages.ts'
import { enc, type Send } from '../admin-sender.ts'

export const memberCalls = (send: Send) => {
  const at = (project: string, rest: string) => `/projects/${enc(project)}/${rest}`
  return {
    listMembers: (project: string) => send<readonly MemberView[]>('GET', at(project, 'members')),
    setMember: (project: string, person: string, role: ProjectRoleInput) =>
      send<MemberView>('PUT', at(project, `members/${enc(person)}`), role),
    removeMember: (project: string, person: string) => send<void>('DELETE', at(project, `members/${enc(person)}`)),
    listInvitations: (project: string) => send<readonly InvitationView[]>('GET', at(project, 'invitations')),
    invite: (project: string, invitation: Invite) => send<Invited>('POST', at(project, 'invitations'), invitation),
    withdrawInvitation: (project: string, id: string) => send<void>('DELETE', at(project, `invitations/${enc(id)}`)),
    listPeople: () => send<readonly AccountView[]>('GET', '/people'),
    /** The role in all projects; null: none. */
    setEverywhereRole: (person: string, role: Role | null) =>
      send<AccountView>('PUT', `/people/${enc(person)}/role`, { role }),
    makePasswordLink: (person: string) => send<PasswordLink>('POST', `/people/${enc(person)}/password-link`),
    /** The account stays, with its roles, and lets nobody in until it is enabled again. */
    disablePerson: (person: string) => send<AccountView>('POST', `/people/${enc(person)}/disable`),
    enablePerson: (person: string) => send<AccountView>('POST', `/people/${enc(person)}/enable`),
    removePerson: (person: string) => send<void>('DELETE', `/people/${enc(person)}`),
  }
}
