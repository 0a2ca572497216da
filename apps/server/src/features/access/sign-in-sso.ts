import type { GroupRole } from '../../http/access-config.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { AccessDeps } from './access-deps.ts'
import { createPerson } from './create-person.ts'
import { deleteInvitationsOf, selectInvitationsTo } from './links-store.ts'
import { writeRole } from './members.ts'
import {
  anyPerson,
  deleteGrants,
  insertGrants,
  lockFirstPerson,
  type PersonRow,
  raiseRightsVersion,
  selectGrants,
  selectPersonByEmail,
  selectPersonBySubject,
  selectProjectIdByKey,
  selectProjectKey,
  updatePerson,
} from './people-store.ts'
import { openSession, type SessionStart } from './sessions.ts'
import { rolesOf, type SsoPerson } from './sso.ts'

/** The account of who signed in: by the provider's own id, else by the address that the provider confirmed. */
async function accountOf(deps: AccessDeps, tx: Tx, who: SsoPerson): Promise<PersonRow> {
  const known = await selectPersonBySubject(tx, who.subject)
  if (known !== undefined) return known
  const same = await selectPersonByEmail(tx, who.email)
  if (same === undefined) {
    return createPerson(deps, tx, { email: who.email, name: who.name, passwordHash: null, ssoSubject: who.subject })
  }
  await updatePerson(tx, same.id, { sso_subject: who.subject })
  return same
}

/** Roles from groups replace what was there in the projects that the settings speak of; elsewhere nothing changes. */
async function applyGroups(tx: Tx, person: PersonRow, groups: readonly string[], mapping: readonly GroupRole[]) {
  const given = rolesOf(groups, mapping)
  for (const project of new Set(mapping.map(entry => entry.project))) {
    const entry = given.get(project)
    if (project === '*') {
      await deleteGrants(tx, person.id, null)
      if (entry !== undefined) {
        await insertGrants(tx, [{ personId: person.id, projectId: null, environmentId: null, role: entry.role }])
      }
      continue
    }
    const id = await selectProjectIdByKey(tx, project)
    if (id === undefined) continue
    if (entry === undefined) await deleteGrants(tx, person.id, id)
    else await writeRole(tx, person.id, { id, key: project }, entry)
  }
  await raiseRightsVersion(tx, person.id)
}

async function takeInvitations(deps: AccessDeps, tx: Tx, person: PersonRow): Promise<void> {
  for (const row of await selectInvitationsTo(tx, person.email, new Date(deps.clock.now()))) {
    const key = row.project_id === null ? undefined : await selectProjectKey(tx, row.project_id)
    if (row.project_id === null || key === undefined || row.grants === null) continue
    await writeRole(tx, person.id, { id: row.project_id, key }, row.grants)
    await deleteInvitationsOf(tx, person.email, row.project_id)
  }
}

/**
 * Signs in whom the identity provider has confirmed; gives the token of the session. Groups and open invitations give
 * the roles; the very first person becomes admin of all projects. Whoever has no role is refused with `forbidden`.
 */
export async function signInSso(
  deps: AccessDeps,
  { who, mapping }: { readonly who: SsoPerson; readonly mapping: readonly GroupRole[] },
  start: Omit<SessionStart, 'by'>,
): Promise<string> {
  return deps.db.transaction().execute(async tx => {
    await lockFirstPerson(tx)
    const isFirst = !(await anyPerson(tx))
    const person = await accountOf(deps, tx, who)
    if (mapping.length > 0) await applyGroups(tx, person, who.groups, mapping)
    await takeInvitations(deps, tx, person)
    const grants = await selectGrants(tx, person.id)
    if (grants.length === 0 && isFirst && mapping.length === 0) {
      await insertGrants(tx, [{ personId: person.id, projectId: null, environmentId: null, role: 'admin' }])
    } else if (grants.length === 0) {
      throw new AppError('forbidden', `${who.email} has no role here yet. Ask an admin for an invitation.`)
    }
    return openSession(deps, tx, person, { ...start, by: 'sso' })
  })
}
