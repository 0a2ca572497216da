import type { SdkKeyKind, SdkKeyView } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'

interface SdkKeyTable {
  id: string
  environment_id: string
  kind: SdkKeyKind
  name: string
  prefix: string
  hash: Buffer
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
  revoked_at: Date | null
}

export type SdkKeyRow = SdkKeyTable

const tables = (db: Db | Tx) =>
  db.withTables<{ sdk_keys: SdkKeyTable; environments: { id: string; project_id: string } }>()

export const insertSdkKey = async (db: Db | Tx, row: SdkKeyRow): Promise<void> => {
  await tables(db).insertInto('sdk_keys').values(row).execute()
}

export const listSdkKeyRows = (db: Db, environmentId: string): Promise<SdkKeyRow[]> =>
  tables(db)
    .selectFrom('sdk_keys')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('created_at')
    .execute()

export const revokeSdkKeyRow = (
  db: Db | Tx,
  key: { id: string; environmentId: string; at: Date },
): Promise<SdkKeyRow | undefined> =>
  tables(db)
    .updateTable('sdk_keys')
    .set(({ fn, val }) => ({ revoked_at: fn.coalesce('revoked_at', val(key.at)) }))
    .where('id', '=', key.id)
    .where('environment_id', '=', key.environmentId)
    .returningAll()
    .executeTakeFirst()

/** A key that is not revoked, by the hash of its text, with the project it belongs to. */
export const findSdkKeyByHash = (db: Db, hash: Buffer): Promise<(SdkKeyRow & { project_id: string }) | undefined> =>
  tables(db)
    .selectFrom('sdk_keys')
    .innerJoin('environments', 'environments.id', 'sdk_keys.environment_id')
    .selectAll('sdk_keys')
    .select('environments.project_id')
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()

/** The hash of a key's text; undefined: there is no such key. */
export const findSdkKeyHash = async (db: Db, id: string): Promise<Buffer | undefined> =>
  (await tables(db).selectFrom('sdk_keys').select('hash').where('id', '=', id).executeTakeFirst())?.hash

/** Which of these keys are revoked, or over. */
export const selectRevoked = async (db: Db, ids: readonly string[], now: Date): Promise<readonly string[]> => {
  if (ids.length === 0) return []
  const rows = await tables(db)
    .selectFrom('sdk_keys')
    .select('id')
    .where('id', 'in', ids)
    .where(eb => eb.or([eb('revoked_at', 'is not', null), eb('expires_at', '<=', now)]))
    .execute()
  return rows.map(({ id }) => id)
}

export const touchSdkKeys = async (db: Db, ids: readonly string[], at: Date): Promise<void> => {
  if (ids.length === 0) return
  await tables(db).updateTable('sdk_keys').set({ last_used_at: at }).where('id', 'in', ids).execute()
}

export const presentSdkKey = (row: SdkKeyRow): SdkKeyView => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  prefix: row.prefix,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
})
