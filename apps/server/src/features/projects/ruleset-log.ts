import type { Flag, RulesetPatch } from '@dimmer/engine'
import { sql } from 'kysely'
import { type Actor, type Who, whoOf } from '../../kernel/actor.ts'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'
import type { Environment } from './projects-store.ts'

type Tables = {
  outbox: { environment_id: string; version: number; patch: RulesetPatch; actor: Who; at: Date }
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

/** A ruleset has a new version; told after the commit. */
export interface RulesetChanged {
  readonly projectKey: string
  readonly environmentId: string
  readonly environmentKey: string
  readonly patch: RulesetPatch
  /** When it was changed, epoch ms. */
  readonly at: number
}

export interface RulesetEvents {
  'ruleset-changed': RulesetChanged
}

/** What a new version brings. `version` is the one that `nextVersion` gave in the same transaction. */
export interface RulesetChange {
  readonly environment: Environment
  readonly version: number
  readonly flags?: RulesetPatch['flags']
  readonly segments?: RulesetPatch['segments']
  /** All custom units, when they change. */
  readonly units?: NonNullable<RulesetPatch['units']>
  /** All private attributes, when they change. */
  readonly privateAttributes?: readonly string[]
  readonly actor: Actor
  readonly at: Date
}

/** Appends to the outbox what all kinds of change have in common; gives the event to tell after the commit. */
export async function recordChange(tx: Tx, change: RulesetChange): Promise<RulesetChanged> {
  const { environment, version, flags = {}, segments = {}, units, privateAttributes, actor, at } = change
  const patch: RulesetPatch = {
    from: version - 1,
    to: version,
    flags,
    segments,
    ...(units && { units }),
    ...(privateAttributes && { privateAttributes }),
  }
  await tables(tx)
    .insertInto('outbox')
    .values({ environment_id: environment.id, version, patch: jsonb(patch), actor: jsonb(whoOf(actor)), at })
    .execute()
  return {
    projectKey: environment.projectKey,
    environmentId: environment.id,
    environmentKey: environment.key,
    patch,
    at: at.getTime(),
  }
}

/** The changes after `version`, oldest first. */
export const selectOutboxAfter = (
  db: Db,
  environmentId: string,
  version: number,
): Promise<{ patch: RulesetPatch; at: Date }[]> =>
  tables(db)
    .selectFrom('outbox')
    .select(['patch', 'at'])
    .where('environment_id', '=', environmentId)
    .where('version', '>', version)
    .orderBy('version')
    .execute()

/** When a version was committed; undefined: the log doesn't have it. */
export const selectChangedAt = async (db: Db | Tx, environmentId: string, version: number): Promise<Date | undefined> =>
  (
    await tables(db)
      .selectFrom('outbox')
      .select('at')
      .where('environment_id', '=', environmentId)
      .where('version', '=', version)
      .executeTakeFirst()
  )?.at

/** A flag as one version made it; null: removed. */
export interface FlagVersion {
  readonly version: number
  readonly at: Date
  readonly flag: Flag | null
}

/** All versions of a flag, the newest first. */
export async function selectFlagVersions(db: Db, environmentId: string, key: string): Promise<readonly FlagVersion[]> {
  const { rows } = await sql<FlagVersion>`
    select version, at, nullif(patch -> 'flags' -> ${key}::text, 'null'::jsonb) as flag
    from outbox
    where environment_id = ${environmentId} and jsonb_exists(patch -> 'flags', ${key}::text)
    order by version desc`.execute(db)
  return rows
}

/** Whether a flag was on after each of its changes since `version`, oldest first. Removed counts as off. */
export async function selectSwitches(
  db: Db,
  environmentId: string,
  flag: { readonly key: string; readonly sinceVersion: number },
): Promise<readonly { readonly at: Date; readonly on: boolean }[]> {
  const { rows } = await sql<{ at: Date; on: boolean }>`
    select at, coalesce((patch -> 'flags' -> ${flag.key}::text ->> 'on')::boolean, false) as on
    from outbox
    where environment_id = ${environmentId} and version >= ${flag.sinceVersion}
      and jsonb_exists(patch -> 'flags', ${flag.key}::text)
    order by version`.execute(db)
  return rows
}
