import type { GroupRole } from '../../http/access-config.ts'
import type { Origin } from '../../kernel/actor.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Tx } from '../../kernel/database.ts'
import { type JournalEntry, journal } from '../../kernel/journal.ts'
import type { AccessDeps } from './access-deps.ts'
import { roleText, writeRole } from './members.ts'
import {
  deleteGrants,
  insertGrants,
  membershipOf,
  type PersonRow,
  raiseRightsVersion,
  selectGrants,
  selectProjectIdByKey,
} from './people-store.ts'
import { personActor } from './sessions.ts'

const EVERYWHERE = '*'

/** The roles that groups give, by project key ("*": all). Of several the first in the settings counts. */
function rolesOf(groups: readonly string[], mapping: readonly GroupRole[]): ReadonlyMap<string, GroupRole> {
  const given = new Map<string, GroupRole>()
  for (const entry of mapping) {
    if (groups.includes(entry.group) && !given.has(entry.project)) given.set(entry.project, entry)
  }
  return given
}

interface Grouped {
  readonly person: PersonRow
  readonly groups: readonly string[]
  readonly mapping: readonly GroupRole[]
  readonly origin: Origin
}

const membershipIn = async (tx: Tx, { id }: PersonRow) => membershipOf(await selectGrants(tx, id))

type Noted = Pick<JournalEntry, 'object' | 'before' | 'after' | 'project'>

/** The role in all projects, as the groups have it now; gives what to write down if it is another one. */
async function applyEverywhere(tx: Tx, person: PersonRow, entry: GroupRole | undefined): Promise<Noted | undefined> {
  const { everywhere = null } = await membershipIn(tx, person)
  const role = entry?.role ?? null
  if (role === everywhere) return undefined
  await deleteGrants(tx, person.id, null)
  if (role !== null) await insertGrants(tx, [{ personId: person.id, projectId: null, environmentId: null, role }])
  await raiseRightsVersion(tx, person.id)
  return { object: { kind: 'person', key: person.email }, before: { everywhere }, after: { everywhere: role } }
}

/** The same in one project. A project that is not there yet gets its members when they sign in later. */
async function applyInProject(
  tx: Tx,
  person: PersonRow,
  { key, entry }: { readonly key: string; readonly entry: GroupRole | undefined },
): Promise<Noted | undefined> {
  const id = await selectProjectIdByKey(tx, key)
  if (id === undefined) return undefined
  const before = (await membershipIn(tx, person)).projects.get(key)
  if (entry === undefined) {
    await deleteGrants(tx, person.id, id)
    if (before !== undefined) await raiseRightsVersion(tx, person.id)
  } else await writeRole(tx, person.id, { id, key }, entry)
  const after = (await membershipIn(tx, person)).projects.get(key)
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return undefined
  return {
    object: { kind: 'member', key: person.email },
    project: { id, key },
    ...(before && { before: roleText(before) }),
    ...(after && { after: roleText(after) }),
  }
}

/**
 * Roles from groups replace what was there in the projects that the settings speak of; elsewhere nothing changes. Each
 * that is another one than before stands in the journal.
 */
export async function applyGroups(
  deps: AccessDeps,
  tx: Tx,
  { person, groups, mapping, origin }: Grouped,
): Promise<void> {
  const given = rolesOf(groups, mapping)
  for (const key of new Set(mapping.map(({ project }) => project))) {
    const entry = given.get(key)
    const noted =
      key === EVERYWHERE ? await applyEverywhere(tx, person, entry) : await applyInProject(tx, person, { key, entry })
    if (noted === undefined) continue
    await journal(tx, {
      ...noted,
      actor: personActor(person, origin),
      at: new Date(deps.clock.now()),
      verb: noted.after === undefined ? 'delete' : 'change',
      comment: 'By the groups at the identity provider',
    })
  }
}
