import type { Permission } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import { membershipOf, selectEnabledGrants } from './people-store.ts'
import { mayDo } from './rights.ts'

/** The people, by id, who may do something in an environment. Those whose account is disabled may nothing. */
export async function peopleWhoMay(
  db: Db | Tx,
  permission: Permission,
  place: { readonly projectId: string; readonly projectKey: string; readonly key: string },
): Promise<readonly string[]> {
  const grants = await selectEnabledGrants(db, place.projectId)
  const people = [...new Set(grants.map(({ personId }) => personId))]
  return people.filter(id => {
    const membership = membershipOf(grants.filter(({ personId }) => personId === id))
    return mayDo(membership, permission, { project: place.projectKey, reach: { environment: place.key } })
  })
}
