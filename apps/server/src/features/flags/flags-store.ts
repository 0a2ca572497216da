import type { Flag, FlagKey, FlagType, Json, RuleId } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'
import { flagOf } from './flags-rules.ts'

export interface FlagRow {
  readonly id: string
  readonly project_id: string
  readonly key: FlagKey
  readonly name: string
  readonly description: string
  readonly type: FlagType
  readonly variants: Readonly<Record<string, Json>>
  readonly salt: string
  readonly created_at: Date
  readonly archived_at: Date | null
}

export interface ConfigRow {
  readonly flag_id: string
  readonly environment_id: string
  readonly config: FlagConfig
  readonly version: number
  readonly updated_at: Date
  readonly settled_variant: string | null
  readonly settled_since: Date | null
}

export type Tables = {
  flags: FlagRow
  flag_configs: ConfigRow
  rule_owners: { flag_id: string; environment_id: string; rule_id: RuleId; owner: string }
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

export const insertFlag = async (tx: Tx, row: FlagRow): Promise<void> => {
  await tables(tx)
    .insertInto('flags')
    .values({ ...row, variants: jsonb(row.variants) })
    .execute()
}

export const updateFlagRow = (
  db: Db | Tx,
  id: string,
  change: Partial<Pick<FlagRow, 'name' | 'description' | 'archived_at'>>,
): Promise<FlagRow> =>
  tables(db).updateTable('flags').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export const selectFlag = (db: Db | Tx, projectId: string, key: FlagKey): Promise<FlagRow | undefined> =>
  tables(db)
    .selectFrom('flags')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst()

export const selectFlags = (db: Db | Tx, projectId: string): Promise<FlagRow[]> =>
  tables(db)
    .selectFrom('flags')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('archived_at', 'is', null)
    .orderBy('key')
    .execute()

export const saveConfig = async (tx: Tx, row: ConfigRow): Promise<void> => {
  const values = { ...row, config: jsonb(row.config) }
  await tables(tx)
    .insertInto('flag_configs')
    .values(values)
    .onConflict(conflict => conflict.columns(['flag_id', 'environment_id']).doUpdateSet(values))
    .execute()
}

export const selectConfig = (db: Db | Tx, flagId: string, environmentId: string): Promise<ConfigRow | undefined> =>
  tables(db)
    .selectFrom('flag_configs')
    .selectAll()
    .where('flag_id', '=', flagId)
    .where('environment_id', '=', environmentId)
    .executeTakeFirst()

export const selectConfigs = (db: Db | Tx, flagIds: readonly string[]): Promise<ConfigRow[]> =>
  flagIds.length === 0
    ? Promise.resolve([])
    : tables(db).selectFrom('flag_configs').selectAll().where('flag_id', 'in', flagIds).execute()

/** All flags of an environment as the engine wants them. Archived ones are not there. */
export const selectEnvironmentFlags = async (db: Db | Tx, environmentId: string): Promise<readonly Flag[]> => {
  const rows = await tables(db)
    .selectFrom('flag_configs')
    .innerJoin('flags', 'flags.id', 'flag_configs.flag_id')
    .select(['flags.key', 'flags.type', 'flags.variants', 'flags.salt', 'flag_configs.config', 'flag_configs.version'])
    .where('flag_configs.environment_id', '=', environmentId)
    .where('flags.archived_at', 'is', null)
    .orderBy('flags.key')
    .execute()
  return rows.map(({ config, version, ...shared }) => flagOf(shared, config, version))
}

/** Flags that everybody gets one variant of, with since when. */
export const selectSettled = (db: Db, projectId: string) =>
  tables(db)
    .selectFrom('flag_configs')
    .innerJoin('flags', 'flags.id', 'flag_configs.flag_id')
    .selectAll('flag_configs')
    .select(['flags.key', 'flags.name'])
    .where('flags.project_id', '=', projectId)
    .where('flags.archived_at', 'is', null)
    .where('flag_configs.settled_since', 'is not', null)
    .orderBy('flag_configs.settled_since')
    .execute()

export const selectRuleOwners = (db: Db | Tx, flagId: string, environmentId: string) =>
  tables(db)
    .selectFrom('rule_owners')
    .select(['rule_id', 'owner'])
    .where('flag_id', '=', flagId)
    .where('environment_id', '=', environmentId)
    .execute()

export const insertRuleOwner = async (tx: Tx, row: Tables['rule_owners']): Promise<void> => {
  await tables(tx)
    .insertInto('rule_owners')
    .values(row)
    .onConflict(conflict => conflict.columns(['flag_id', 'environment_id', 'rule_id']).doUpdateSet(row))
    .execute()
}

export const deleteRuleOwner = async (tx: Tx, owner: string): Promise<void> => {
  await tables(tx).deleteFrom('rule_owners').where('owner', '=', owner).execute()
}
