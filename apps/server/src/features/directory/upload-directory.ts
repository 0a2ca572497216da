import type { DirectoryBatch, DirectoryUploaded } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Db } from '../../kernel/database.ts'
import { journal } from '../../kernel/journal.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directories } from './directories.ts'
import { type Identified, identifyUnits } from './identify-units.ts'

export interface DirectoryDeps {
  readonly db: Db
  readonly clock: Clock
  readonly directories: Directories
}

/** Rows in one statement. */
const AT_ONCE = 5_000

/** Adds a batch to the directory: as if an SDK had identified each of them now. */
export async function uploadDirectory(
  { db, clock, directories }: DirectoryDeps,
  place: { readonly projectId: string; readonly project: string; readonly actor: Actor },
  { accounts, users }: DirectoryBatch,
): Promise<DirectoryUploaded> {
  const at = clock.now()
  const identified: readonly Identified[] = [
    ...accounts.map(({ id, attributes }) => ({ at, units: { account: id }, attributes })),
    ...users.map(({ id, accountId, attributes }) => ({
      at,
      units: { ...(accountId !== undefined && { account: accountId }), user: id },
      attributes,
    })),
  ]
  const { projectId, project, actor } = place
  await db.transaction().execute(async tx => {
    for (let from = 0; from < identified.length; from += AT_ONCE) {
      await identifyUnits(tx, projectId, identified.slice(from, from + AT_ONCE))
    }
    await journal(tx, {
      actor,
      at: new Date(at),
      verb: 'upload',
      object: { kind: 'directory', key: project },
      project: { id: projectId, key: project },
      after: { accounts: accounts.length, users: users.length },
    })
  })
  directories.forget(projectId)
  return { accounts: accounts.length, users: users.length }
}
