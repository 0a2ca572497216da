import type { Flag, RulesetPatch } from '@dimmer/engine'
import { type Generated, type RawBuilder, sql } from 'kysely'
import { type Actor, type Who, whoOf } from '../../kernel/actor.ts'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'
import type { Environment } from './projects-store.ts'

type Tables = {
  outbox: {
    environment_id: string
    version: number
    patch: RulesetPatch
    actor: Who
    at: Date
    trimmed: Generated<boolean>
  }
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

/** Changes with long lists are large. */
const READ_TOGETHER = 20

/** Some of the changes after `version`, oldest first; without those that were trimmed. */
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
    .where('trimmed', '=', false)
    .orderBy('version')
    .limit(READ_TOGETHER)
    .execute()

/** Nodes that lack a change are behind by seconds; the rest of it, who was given what, stays as history. */
const LISTS_KEPT_MS = 86_400_000
/** Lists of more ids than this. */
const SHORT_LIST = 1_000
const TRIMMED_TOGETHER = 100

/** A list of a segment (`list`, `exclude`) without its ids, if they are many: how many there were. */
const trimmedList = (name: string): RawBuilder<unknown> => sql`
  case when jsonb_array_length(coalesce(value -> ${name}::text -> 'ids', '[]')) > ${SHORT_LIST}
    then jsonb_build_object(${name}::text, jsonb_build_object(
      'unit', value -> ${name}::text -> 'unit', 'count', jsonb_array_length(value -> ${name}::text -> 'ids')))
    else '{}'::jsonb end`

/** Takes the long lists out of changes that are older than a day. Gives how many changes it looked at. */
export async function trimOutbox(db: Db, now: number): Promise<number> {
  const { numAffectedRows } = await sql`
    with old as (
      select environment_id, version from outbox
      where at < ${new Date(now - LISTS_KEPT_MS)} and not trimmed and patch -> 'segments' <> '{}'::jsonb
      order by at limit ${TRIMMED_TOGETHER} for update skip locked
    )
    update outbox set trimmed = true, patch = jsonb_set(patch, '{segments}', (
      select jsonb_object_agg(key, case when jsonb_typeof(value) = 'object'
        then value || ${trimmedList('list')} || ${trimmedList('exclude')} else value end)
      from jsonb_each(patch -> 'segments')))
    from old
    where outbox.environment_id = old.environment_id and outbox.version = old.version`.execute(db)
  return Number(numAffectedRows ?? 0)
}

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

/** A version of a flag, and what kind of actor made it. */
export interface MadeVersion extends Omit<FlagVersion, 'at'> {
  readonly madeBy: Who['kind']
}

/** The versions of a flag since a time, the newest first, with the one that was there before them. */
export async function selectVersionsSince(
  db: Db | Tx,
  environmentId: string,
  { key, since }: { readonly key: string; readonly since: Date },
): Promise<readonly MadeVersion[]> {
  const { rows } = await sql<MadeVersion>`
    with versions as (
      select version, at, nullif(patch -> 'flags' -> ${key}::text, 'null'::jsonb) as flag, actor ->> 'kind' as "madeBy"
      from outbox
      where environment_id = ${environmentId} and jsonb_exists(patch -> 'flags', ${key}::text)
    )
    select version, flag, "madeBy" from versions
    where version >= coalesce((select max(version) from versions where at < ${since}), 0)
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
