import type { InvitationView, Invite, Invited, ProjectRoleInput } from '@dimmer/protocol'
import type { Caller } from '../../http/caller.ts'
import { whoOf } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { type AccessDeps, DAY_MS } from './access-deps.ts'
import { assertEnvironments, assertMayGive } from './give-rules.ts'
import { deleteInvitation, deleteInvitationsOf, insertLink, type LinkRow, selectInvitations } from './links-store.ts'
import { addMember, type ProjectRef } from './members.ts'
import { selectEnvironmentIds, selectPersonByEmail } from './people-store.ts'
import { hashToken, newToken } from './tokens.ts'

const INVITATION_MS = 7 * DAY_MS

const presentInvitation = (row: LinkRow): InvitationView => ({
  id: row.id,
  email: row.email ?? '',
  role: row.grants?.role ?? 'viewer',
  environments: row.grants?.environments ?? {},
  invitedBy: row.created_by?.name ?? '',
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
})

export const listInvitations = async ({ db, clock }: AccessDeps, projectId: string): Promise<InvitationView[]> =>
  (await selectInvitations(db, projectId, new Date(clock.now()))).map(presentInvitation)

type Given = { readonly email: string } & Required<Pick<Invite, 'role'>> & {
    readonly environments: NonNullable<ProjectRoleInput['environments']>
  }

/**
 * Invites by a link that works once and for a week; it replaces an earlier one. Who has an account becomes a member at
 * once: there is nothing to accept.
 */
export async function invite(
  deps: AccessDeps,
  { caller, project }: { readonly caller: Caller; readonly project: ProjectRef },
  { email, ...given }: Given,
): Promise<Invited> {
  const at = deps.clock.now()
  const token = newToken()
  return deps.db.transaction().execute(async (tx): Promise<Invited> => {
    const places = { key: project.key, environments: [...(await selectEnvironmentIds(tx, project.id)).keys()] }
    assertEnvironments(places, given.environments)
    assertMayGive(caller, places, given)
    const entry = { actor: caller.actor, at: new Date(at), project, after: given }
    await journal(tx, { ...entry, verb: 'invite', object: { kind: 'member', key: email } })
    await deleteInvitationsOf(tx, email, project.id)
    const known = await selectPersonByEmail(tx, email)
    if (known !== undefined) {
      if (known.disabled_at !== null) {
        throw new AppError(
          'not-allowed-now',
          `The account of ${email} is disabled; an admin of all projects can enable it.`,
        )
      }
      return { invitation: null, member: await addMember(tx, known.id, project, given), token: null }
    }
    const row: LinkRow = {
      id: newId(),
      kind: 'invitation',
      token_hash: hashToken(token),
      person_id: null,
      email,
      project_id: project.id,
      grants: given,
      created_by: whoOf(caller.actor),
      created_at: new Date(at),
      expires_at: new Date(at + INVITATION_MS),
    }
    await insertLink(tx, row)
    return { invitation: presentInvitation(row), member: null, token }
  })
}

/** Takes an invitation back. */
export async function withdrawInvitation(
  deps: AccessDeps,
  { caller, project }: { readonly caller: Caller; readonly project: ProjectRef },
  id: string,
): Promise<void> {
  await deps.db.transaction().execute(async tx => {
    const row = await deleteInvitation(tx, project.id, id)
    if (row === undefined) throw new AppError('not-found', 'There is no such invitation, or it was used.')
    await journal(tx, {
      actor: caller.actor,
      at: new Date(deps.clock.now()),
      verb: 'revoke',
      object: { kind: 'invitation', key: row.email ?? '' },
      project,
    })
  })
}
