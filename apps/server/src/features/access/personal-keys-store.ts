import type { Permission, PersonalKeyView } from '@dimmer/protocol'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'
import type { PersonRow } from './people-store.ts'

export interface PersonalKeyRow {
  readonly id: string
  readonly person_id: string
  readonly name: string
  readonly prefix: string
  readonly hash: Buffer
  readonly project: string | null
  readonly environments: readonly string[] | null
  readonly permissions: readonly Permission[] | null
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

type Tables = { personal_keys: PersonalKeyRow; people: PersonRow }

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const insertPersonalKey = async (tx: Tx, row: PersonalKeyRow): Promise<void> => {
  const { environments, permissions } = row
  await tables(tx)
    .insertInto('personal_keys')
    .values({
      ...row,
      environments: environments === null ? null : jsonb(environments),
      permissions: permissions === null ? null : jsonb(permissions),
    })
    .execute()
}

/** A key with its person, unless it was revoked or the person's account is disabled. */
export const selectPersonalKeyByHash = async (
  db: Db,
  hash: Buffer,
): Promise<{ key: PersonalKeyRow; person: PersonRow } | undefined> => {
  const key = await tables(db)
    .selectFrom('personal_keys')
    .selectAll()
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (key === undefined) return undefined
  const person = await tables(db)
    .selectFrom('people')
    .selectAll()
    .where('id', '=', key.person_id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return person && { key, person }
}

export const selectPersonalKeys = (db: Db, personId: string): Promise<PersonalKeyRow[]> =>
  tables(db)
    .selectFrom('personal_keys')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .execute()

export const revokePersonalKey = (
  tx: Tx,
  key: { readonly id: string; readonly personId: string; readonly at: Date },
): Promise<PersonalKeyRow | undefined> =>
  tables(tx)
    .updateTable('personal_keys')
    .set(({ fn, val }) => ({ revoked_at: fn.coalesce('revoked_at', val(key.at)) }))
    .where('id', '=', key.id)
    .where('person_id', '=', key.personId)
    .returningAll()
    .executeTakeFirst()

export const touchPersonalKey = async (db: Db, id: string, at: Date): Promise<void> => {
  await tables(db).updateTable('personal_keys').set({ last_used_at: at }).where('id', '=', id).execute()
}

export const presentPersonalKey = (row: PersonalKeyRow): PersonalKeyView => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  project: row.project,
  environments: row.environments,
  permissions: row.permissions,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
})
