import type { Permission } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import { membershipOf, selectGrantsIn } from './people-store.ts'
import { mayDo } from './rights.ts'

/** How many people may do something in an environment. */
export async function countPeopleWhoMay(
  db: Db | Tx,
  permission: Permission,
  place: { readonly projectId: string; readonly projectKey: string; readonly key: string },
): Promise<number> {
  const grants = await selectGrantsIn(db, place.projectId)
  const people = [...new Set(grants.map(({ personId }) => personId))]
  return people.filter(id => {
    const membership = membershipOf(grants.filter(({ personId }) => personId === id))
    return mayDo(membership, permission, { project: place.projectKey, reach: { environment: place.key } })
  }).length
}
