import type { SsoConfig } from '../../http/access-config.ts'
import type { Tx } from '../../kernel/database.ts'
import { journal } from '../../kernel/journal.ts'
import type { AccessDeps } from './access-deps.ts'
import { createPerson } from './create-person.ts'
import { applyGroups } from './group-roles.ts'
import { deleteInvitationsOf, selectInvitationsTo } from './links-store.ts'
import { writeRole } from './members.ts'
import {
  anyPerson,
  insertGrants,
  lockFirstPerson,
  type PersonRow,
  selectGrants,
  selectPersonByEmail,
  selectPersonBySubject,
  selectProjectKey,
  updatePerson,
} from './people-store.ts'
import { openSession, personActor, type SessionStart } from './sessions.ts'
import { deleteSessions } from './sessions-store.ts'
import { type SsoPerson, SsoRefused } from './sso.ts'

interface SignInSso {
  readonly who: SsoPerson
  readonly settings: Pick<SsoConfig, 'groups' | 'sessionMs'>
}

interface Entering extends SignInSso {
  readonly start: Omit<SessionStart, 'by'>
}

/** The account of who signed in: by the provider's own id, else by the address that the provider confirmed. */
async function findAccount(deps: AccessDeps, tx: Tx, { who, start }: Entering): Promise<PersonRow | undefined> {
  const known = await selectPersonBySubject(tx, who.subject)
  if (known !== undefined) return known
  const same = await selectPersonByEmail(tx, who.email)
  if (same === undefined) return undefined
  await updatePerson(tx, same.id, { sso_subject: who.subject })
  await journal(tx, {
    actor: personActor(same, start.origin),
    at: new Date(deps.clock.now()),
    verb: 'change',
    object: { kind: 'person', key: same.email },
    before: { singleSignOn: same.sso_subject },
    after: { singleSignOn: who.subject },
  })
  return same
}

async function takeInvitations(deps: AccessDeps, tx: Tx, person: PersonRow): Promise<void> {
  for (const row of await selectInvitationsTo(tx, person.email, new Date(deps.clock.now()))) {
    const key = row.project_id === null ? undefined : await selectProjectKey(tx, row.project_id)
    if (row.project_id === null || key === undefined || row.grants === null) continue
    await writeRole(tx, person.id, { id: row.project_id, key }, row.grants)
    await deleteInvitationsOf(tx, person.email, row.project_id)
  }
}

/** Gives the token; undefined: they have no role any more, and what they had before is gone. */
async function enter(deps: AccessDeps, tx: Tx, entering: Entering): Promise<string | undefined> {
  const { who, settings, start } = entering
  await lockFirstPerson(tx)
  const isFirst = !(await anyPerson(tx))
  const known = await findAccount(deps, tx, entering)
  if (known?.disabled_at) throw new SsoRefused('disabled')
  const { email, name, subject: ssoSubject } = who
  const person = known ?? (await createPerson(deps, tx, { email, name, passwordHash: null, ssoSubject }))
  await applyGroups(deps, tx, { person, groups: who.groups, mapping: settings.groups, origin: start.origin })
  await takeInvitations(deps, tx, person)
  const grants = await selectGrants(tx, person.id)
  if (grants.length === 0 && isFirst && settings.groups.length === 0) {
    await insertGrants(tx, [{ personId: person.id, projectId: null, environmentId: null, role: 'admin' }])
  } else if (grants.length === 0) {
    // Nothing is kept of somebody who never had a role.
    if (known === undefined) throw new SsoRefused('no-role')
    await deleteSessions(tx, person.id)
    return undefined
  }
  return openSession(deps, tx, person, { ...start, by: 'sso', longestMs: settings.sessionMs })
}

/**
 * Signs in whom the identity provider has confirmed; gives the token of the session. Groups and open invitations give
 * the roles; the very first person becomes admin of all projects. Refuses with `SsoRefused` whoever has no role; what
 * groups gave them before is taken back nevertheless, and their sessions end.
 */
export async function signInSso(deps: AccessDeps, signIn: SignInSso, start: Omit<SessionStart, 'by'>): Promise<string> {
  const token = await deps.db.transaction().execute(tx => enter(deps, tx, { ...signIn, start }))
  if (token === undefined) throw new SsoRefused('no-role')
  return token
}
