import type { MemberView, Role } from '@dimmer/protocol'
import type { Caller } from '../../http/caller.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import type { AccessDeps } from './access-deps.ts'
import { assertEnvironments, assertMayGive } from './give-rules.ts'
import {
  deleteGrants,
  type GrantRow,
  insertGrants,
  membershipOf,
  type PersonRow,
  raiseRightsVersion,
  selectEnvironmentIds,
  selectGrants,
  selectGrantsIn,
  selectPeople,
  selectPerson,
} from './people-store.ts'
import { type ProjectRole, roleIn } from './rights.ts'

/** A project as the address names it. */
export interface ProjectRef {
  readonly id: string
  readonly key: string
}

const viewOf = (person: PersonRow, grants: readonly GrantRow[], project: string): MemberView | undefined => {
  const membership = membershipOf(grants.filter(({ personId }) => personId === person.id))
  const given = roleIn(membership, project)
  return (
    given && {
      id: person.id,
      name: person.name,
      email: person.email,
      ...given,
      everywhere: !membership.projects.has(project),
      lastSeenAt: person.last_seen_at?.toISOString() ?? null,
      disabledAt: person.disabled_at?.toISOString() ?? null,
    }
  )
}

export async function listMembers(db: Db | Tx, project: ProjectRef): Promise<readonly MemberView[]> {
  const [people, grants] = [await selectPeople(db), await selectGrantsIn(db, project.id)]
  return people.map(person => viewOf(person, grants, project.key)).filter(member => member !== undefined)
}

async function findMember(db: Db | Tx, project: ProjectRef, personId: string): Promise<MemberView> {
  const member = (await listMembers(db, project)).find(({ id }) => id === personId)
  if (member === undefined) throw new AppError('member-not-found', `"${personId}" is not a member of this project.`)
  return member
}

/** Puts these grants in the place of those that the person had in the project. */
export async function writeRole(tx: Tx, personId: string, project: ProjectRef, given: ProjectRole): Promise<void> {
  const ids = await selectEnvironmentIds(tx, project.id)
  const refined = Object.entries(given.environments).flatMap(([key, role]): { environmentId: string; role: Role }[] => {
    const environmentId = ids.get(key)
    return environmentId === undefined || role === given.role ? [] : [{ environmentId, role }]
  })
  await deleteGrants(tx, personId, project.id)
  await insertGrants(
    tx,
    [{ environmentId: null, role: given.role }, ...refined].map(grant => ({
      personId,
      projectId: project.id,
      ...grant,
    })),
  )
  await raiseRightsVersion(tx, personId)
}

export interface MemberPlace {
  readonly caller: Caller
  readonly project: ProjectRef
  readonly personId: string
}

/** Who is to be changed, with what is needed to judge whether the caller may. */
async function changeable(tx: Tx, { caller, project, personId }: MemberPlace) {
  const member = await findMember(tx, project, personId)
  if (caller.actor.id === personId || (caller.actor.kind === 'key' && caller.actor.person.id === personId)) {
    throw new AppError('forbidden', 'Nobody changes their own role; ask another admin.')
  }
  if (member.everywhere) {
    throw new AppError('forbidden', `${member.name} has this role in all projects; it is changed under People.`)
  }
  const places = { key: project.key, environments: [...(await selectEnvironmentIds(tx, project.id)).keys()] }
  assertMayGive(caller, places, member)
  return { member, places }
}

/** As the journal shows it. */
export const roleText = ({ role, environments }: ProjectRole) => ({ role, environments })

/** Gives a member another role. Takes effect with their next request; open streams end within a second. */
export async function setMember(deps: AccessDeps, place: MemberPlace, given: ProjectRole): Promise<MemberView> {
  return deps.db.transaction().execute(async tx => {
    const { member, places } = await changeable(tx, place)
    assertEnvironments(places, given.environments)
    assertMayGive(place.caller, places, given)
    await writeRole(tx, place.personId, place.project, given)
    await journal(tx, {
      actor: place.caller.actor,
      at: new Date(deps.clock.now()),
      verb: 'change',
      object: { kind: 'member', key: member.email },
      project: place.project,
      before: roleText(member),
      after: roleText(given),
    })
    return findMember(tx, place.project, place.personId)
  })
}

/** Takes a person out of the project; the account stays. */
export async function removeMember(deps: AccessDeps, place: MemberPlace): Promise<void> {
  await deps.db.transaction().execute(async tx => {
    const { member } = await changeable(tx, place)
    await deleteGrants(tx, place.personId, place.project.id)
    await raiseRightsVersion(tx, place.personId)
    await journal(tx, {
      actor: place.caller.actor,
      at: new Date(deps.clock.now()),
      verb: 'delete',
      object: { kind: 'member', key: member.email },
      project: place.project,
      before: roleText(member),
    })
  })
}

/** Makes somebody with an account a member. Who is one already keeps the role that they have. */
export async function addMember(
  tx: Tx,
  personId: string,
  project: ProjectRef,
  given: ProjectRole,
): Promise<MemberView> {
  const person = await selectPerson(tx, personId)
  if (person === undefined) throw new AppError('member-not-found', 'The account is no longer there.')
  if (roleIn(membershipOf(await selectGrants(tx, personId)), project.key) === undefined) {
    await writeRole(tx, personId, project, given)
  }
  return findMember(tx, project, personId)
}
