import type { AccountView, PasswordLink, Role } from '@dimmer/protocol'
import { type Actor, personIdOf, whoOf } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { type AccessDeps, DAY_MS } from './access-deps.ts'
import { deletePasswordLinks, insertLink } from './links-store.ts'
import {
  deleteGrants,
  deletePerson,
  type GrantRow,
  insertGrants,
  lockFirstPerson,
  membershipOf,
  type PersonRow,
  raiseRightsVersion,
  selectAllGrants,
  selectEnabledGrants,
  selectPeople,
  selectPerson,
  updatePerson,
} from './people-store.ts'
import { deleteSessions } from './sessions-store.ts'
import { hashToken, newToken } from './tokens.ts'

const PASSWORD_LINK_MS = DAY_MS

function presentAccount(person: PersonRow, grants: readonly GrantRow[]): AccountView {
  const { everywhere, projects } = membershipOf(grants.filter(({ personId }) => personId === person.id))
  return {
    id: person.id,
    name: person.name,
    email: person.email,
    everywhere: everywhere ?? null,
    projects: [...projects.keys()].sort(),
    signsInWith: [
      ...(person.password_hash === null ? [] : (['password'] as const)),
      ...(person.sso_subject === null ? [] : (['sso'] as const)),
    ],
    lastSeenAt: person.last_seen_at?.toISOString() ?? null,
    disabledAt: person.disabled_at?.toISOString() ?? null,
  }
}

/** Everybody who has an account. */
export async function listPeople({ db }: AccessDeps): Promise<readonly AccountView[]> {
  const [people, grants] = [await selectPeople(db), await selectAllGrants(db)]
  return people.map(person => presentAccount(person, grants))
}

async function findPerson(tx: Tx, id: string): Promise<PersonRow> {
  const person = await selectPerson(tx, id)
  if (person === undefined) throw new AppError('member-not-found', `There is no account "${id}".`)
  return person
}

/** Somebody must be left who may do everything; keeps others from taking that away meanwhile. */
async function assertNotLastAdmin(tx: Tx, id: string): Promise<void> {
  await lockFirstPerson(tx)
  const admins = (await selectEnabledGrants(tx, null)).filter(({ role }) => role === 'admin')
  if (admins.some(({ personId }) => personId !== id)) return
  if (admins.length > 0) throw new AppError('last-admin', 'This is the last admin of all projects; make another first.')
}

const assertOther = (actor: Actor, id: string): void => {
  if (personIdOf(actor) === id) throw new AppError('forbidden', 'Nobody changes their own role; ask another admin.')
}

/** Gives a person a role in all projects, or takes it away. */
export async function setEverywhereRole(
  deps: AccessDeps,
  { actor, id }: { readonly actor: Actor; readonly id: string },
  role: Role | null,
): Promise<AccountView> {
  assertOther(actor, id)
  return deps.db.transaction().execute(async tx => {
    const person = await findPerson(tx, id)
    const before = presentAccount(person, await selectAllGrants(tx))
    if (role !== 'admin') await assertNotLastAdmin(tx, id)
    await deleteGrants(tx, id, null)
    if (role !== null) await insertGrants(tx, [{ personId: id, projectId: null, environmentId: null, role }])
    await raiseRightsVersion(tx, id)
    await journal(tx, {
      actor,
      at: new Date(deps.clock.now()),
      verb: 'change',
      object: { kind: 'person', key: person.email },
      before: { everywhere: before.everywhere },
      after: { everywhere: role },
    })
    return presentAccount(person, await selectAllGrants(tx))
  })
}

/**
 * Closes an account, or opens it again. Closed, it keeps its roles and keys but lets nobody in: sessions end, keys are
 * refused, and open streams end within a second.
 */
export async function setDisabled(
  deps: AccessDeps,
  { actor, id }: { readonly actor: Actor; readonly id: string },
  disabled: boolean,
): Promise<AccountView> {
  if (personIdOf(actor) === id) throw new AppError('forbidden', 'Nobody disables their own account; ask another admin.')
  const at = new Date(deps.clock.now())
  return deps.db.transaction().execute(async tx => {
    const before = await findPerson(tx, id)
    if ((before.disabled_at !== null) === disabled) {
      throw new AppError('not-allowed-now', `The account is ${disabled ? 'disabled' : 'enabled'} already.`)
    }
    if (disabled) {
      await assertNotLastAdmin(tx, id)
      await deleteSessions(tx, id)
      await deletePasswordLinks(tx, id)
    }
    await updatePerson(tx, id, { disabled_at: disabled ? at : null })
    await raiseRightsVersion(tx, id)
    const object = { kind: 'person', key: before.email }
    await journal(tx, { actor, at, verb: disabled ? 'disable' : 'enable', object })
    return presentAccount(await findPerson(tx, id), await selectAllGrants(tx))
  })
}

/** Takes an account away, with its sessions, keys and roles. */
export async function removePerson(deps: AccessDeps, actor: Actor, id: string): Promise<void> {
  assertOther(actor, id)
  await deps.db.transaction().execute(async tx => {
    const person = await findPerson(tx, id)
    await assertNotLastAdmin(tx, id)
    await deletePerson(tx, id)
    await journal(tx, {
      actor,
      at: new Date(deps.clock.now()),
      verb: 'delete',
      object: { kind: 'person', key: person.email },
    })
  })
}

/** Makes a link with which a person chooses a new password; it works once and for a day. */
export async function makePasswordLink(deps: AccessDeps, actor: Actor, id: string): Promise<PasswordLink> {
  const token = newToken()
  const at = deps.clock.now()
  const expiresAt = new Date(at + PASSWORD_LINK_MS)
  await deps.db.transaction().execute(async tx => {
    const person = await findPerson(tx, id)
    if (person.disabled_at !== null) throw new AppError('not-allowed-now', 'The account is disabled; enable it first.')
    await deletePasswordLinks(tx, id)
    await insertLink(tx, {
      id: newId(),
      kind: 'password',
      token_hash: hashToken(token),
      person_id: id,
      email: person.email,
      project_id: null,
      grants: null,
      created_by: whoOf(actor),
      created_at: new Date(at),
      expires_at: expiresAt,
    })
    await journal(tx, { actor, at: new Date(at), verb: 'create', object: { kind: 'password-link', key: person.email } })
  })
  return { token, expiresAt: expiresAt.toISOString() }
}
