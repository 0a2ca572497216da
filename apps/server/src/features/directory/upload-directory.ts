import type { DirectoryBatch, DirectoryUploaded } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directories } from './directories.ts'
import { type Identified, identifyUnits } from './identify-units.ts'

export interface DirectoryDeps {
  readonly db: Db
  readonly clock: Clock
  readonly directories: Directories
}

/** Adds a batch to the directory: as if an SDK had identified each of them now. */
export async function uploadDirectory(
  { db, clock, directories }: DirectoryDeps,
  projectId: string,
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
  await db.transaction().execute(tx => identifyUnits(tx, projectId, identified))
  directories.forget(projectId)
  return { accounts: accounts.length, users: users.length }
}
