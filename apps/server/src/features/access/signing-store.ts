import type { SigningSecretView } from '@dimmer/protocol'
import { sql } from 'kysely'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

export interface SigningSecretRow {
  readonly id: string
  readonly environment_id: string
  readonly name: string
  readonly prefix: string
  readonly secret: Buffer
  readonly created_at: Date
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

type Tables = {
  signing_secrets: SigningSecretRow
  signed_attributes: { environment_id: string; attributes: readonly string[] }
  environments: { id: string; project_id: string }
  projects: { id: string; units: Readonly<Record<string, string>> }
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

/** Keeps others from changing how contexts of this environment are signed until the transaction ends. */
export const holdSigning = async (tx: Tx, environmentId: string): Promise<void> => {
  await sql`select id from environments where id = ${environmentId} for no key update`.execute(tx)
}

/** The custom units of the environment's project: name -> attribute. */
export const selectUnitsOfEnvironment = async (
  db: Db,
  environmentId: string,
): Promise<Readonly<Record<string, string>>> =>
  (
    await tables(db)
      .selectFrom('environments')
      .innerJoin('projects', 'projects.id', 'environments.project_id')
      .select('projects.units')
      .where('environments.id', '=', environmentId)
      .executeTakeFirstOrThrow()
  ).units

/** All secrets, the revoked ones too, oldest first. */
export const selectSigningSecrets = (db: Db | Tx, environmentId: string): Promise<SigningSecretRow[]> =>
  tables(db)
    .selectFrom('signing_secrets')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()

export const insertSigningSecret = async (tx: Tx, row: SigningSecretRow): Promise<void> => {
  await tables(tx).insertInto('signing_secrets').values(row).execute()
}

export const revokeSigningSecretRow = (
  tx: Tx,
  secret: { readonly id: string; readonly environmentId: string; readonly at: Date },
): Promise<SigningSecretRow | undefined> =>
  tables(tx)
    .updateTable('signing_secrets')
    .set(({ fn, val }) => ({ revoked_at: fn.coalesce('revoked_at', val(secret.at)) }))
    .where('id', '=', secret.id)
    .where('environment_id', '=', secret.environmentId)
    .returningAll()
    .executeTakeFirst()

export const touchSigningSecrets = async (db: Db, ids: readonly string[], at: Date): Promise<void> => {
  if (ids.length === 0) return
  await tables(db).updateTable('signing_secrets').set({ last_used_at: at }).where('id', 'in', ids).execute()
}

/** What browsers may only send signed. */
export const selectSignedAttributes = async (db: Db | Tx, environmentId: string): Promise<readonly string[]> =>
  (
    await tables(db)
      .selectFrom('signed_attributes')
      .select('attributes')
      .where('environment_id', '=', environmentId)
      .executeTakeFirst()
  )?.attributes ?? []

export const saveSignedAttributes = async (
  tx: Tx,
  environmentId: string,
  attributes: readonly string[],
): Promise<void> => {
  const row = { environment_id: environmentId, attributes: jsonb(attributes) }
  await tables(tx)
    .insertInto('signed_attributes')
    .values(row)
    .onConflict(conflict => conflict.column('environment_id').doUpdateSet({ attributes: row.attributes }))
    .execute()
}

export const presentSigningSecret = (row: SigningSecretRow): SigningSecretView => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
})
