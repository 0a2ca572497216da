import type { Role } from '@dimmer/protocol'
import { type Expression, sql } from 'kysely'
import type { Db, Tx } from '../../kernel/database.ts'
import type { Membership, ProjectRole } from './rights.ts'

export interface PersonRow {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly password_hash: string | null
  readonly sso_subject: string | null
  readonly rights_version: number
  readonly created_at: Date
  readonly last_seen_at: Date | null
  /** Since when the account lets nobody in. */
  readonly disabled_at: Date | null
}

type Tables = {
  people: PersonRow
  memberships: { person_id: string; project_id: string | null; environment_id: string | null; role: Role }
  projects: { id: string; key: string }
  environments: { id: string; key: string; project_id: string }
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

/** Any constant: it names the lock that lets one first person be made at a time. */
const LOCK = 4_400_003

/** Keeps others from making the first person until the transaction ends. */
export const lockFirstPerson = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(tx)
}

export const anyPerson = async (db: Db | Tx): Promise<boolean> =>
  (await tables(db).selectFrom('people').select('id').limit(1).executeTakeFirst()) !== undefined

export const insertPerson = async (
  tx: Tx,
  person: Pick<PersonRow, 'id' | 'email' | 'name' | 'password_hash' | 'sso_subject' | 'created_at'>,
): Promise<PersonRow> =>
  tables(tx)
    .insertInto('people')
    .values({ ...person, rights_version: 1, last_seen_at: null, disabled_at: null })
    .returningAll()
    .executeTakeFirstOrThrow()

export const selectPerson = (db: Db | Tx, id: string): Promise<PersonRow | undefined> =>
  tables(db).selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()

export const selectPersonByEmail = (db: Db | Tx, email: string): Promise<PersonRow | undefined> =>
  tables(db).selectFrom('people').selectAll().where('email', '=', email).executeTakeFirst()

export const selectPersonBySubject = (db: Db | Tx, subject: string): Promise<PersonRow | undefined> =>
  tables(db).selectFrom('people').selectAll().where('sso_subject', '=', subject).executeTakeFirst()

export const selectPeople = (db: Db | Tx): Promise<PersonRow[]> =>
  tables(db).selectFrom('people').selectAll().orderBy('name').orderBy('email').execute()

export const updatePerson = async (
  tx: Tx,
  id: string,
  change: Partial<Pick<PersonRow, 'password_hash' | 'sso_subject' | 'name' | 'last_seen_at' | 'disabled_at'>>,
): Promise<void> => {
  await tables(tx).updateTable('people').set(change).where('id', '=', id).execute()
}

/** Ends the open streams of the person, which begin anew with the rights that they have then. */
export const raiseRightsVersion = async (tx: Tx, id: string): Promise<void> => {
  await tables(tx)
    .updateTable('people')
    .set(eb => ({ rights_version: eb('rights_version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export const deletePerson = async (tx: Tx, id: string): Promise<void> => {
  await tables(tx).deleteFrom('people').where('id', '=', id).execute()
}

export interface GrantRow {
  readonly personId: string
  readonly role: Role
  readonly projectId: string | null
  readonly project: string | null
  readonly environment: string | null
}

const grants = (db: Db | Tx) =>
  tables(db)
    .selectFrom('memberships as m')
    .leftJoin('projects as p', 'p.id', 'm.project_id')
    .leftJoin('environments as e', 'e.id', 'm.environment_id')
    .select([
      'm.person_id as personId',
      'm.role',
      'm.project_id as projectId',
      'p.key as project',
      'e.key as environment',
    ])

export const selectGrants = (db: Db | Tx, personId: string): Promise<GrantRow[]> =>
  grants(db).where('m.person_id', '=', personId).execute()

export const selectAllGrants = (db: Db | Tx): Promise<GrantRow[]> => grants(db).execute()

/** The grants that count in a project: its own, and those for all projects. */
export const selectGrantsIn = (db: Db | Tx, projectId: string): Promise<GrantRow[]> =>
  grants(db)
    .where(eb => eb.or([eb('m.project_id', '=', projectId), eb('m.project_id', 'is', null)]))
    .execute()

/** The same, of those whose account lets them in. */
export const selectEnabledGrants = (db: Db | Tx, projectId: string | null): Promise<GrantRow[]> =>
  grants(db)
    .innerJoin('people', 'people.id', 'm.person_id')
    .where('people.disabled_at', 'is', null)
    .where(eb => eb.or([eb('m.project_id', '=', projectId), eb('m.project_id', 'is', null)]))
    .execute()

/** Puts one person's grants together. */
export function membershipOf(rows: readonly GrantRow[]): Membership {
  const everywhere = rows.find(row => row.project === null)?.role
  const projects = new Map<string, ProjectRole>()
  for (const { project, environment, role } of rows) {
    if (project !== null && environment === null) projects.set(project, { role, environments: {} })
  }
  for (const { project, environment, role } of rows) {
    const entry = project === null ? undefined : projects.get(project)
    if (project === null || environment === null || entry === undefined) continue
    projects.set(project, { ...entry, environments: { ...entry.environments, [environment]: role } })
  }
  return everywhere === undefined ? { projects } : { everywhere, projects }
}

/** Environments of a project, by key. */
export const selectEnvironmentIds = async (db: Db | Tx, projectId: string): Promise<ReadonlyMap<string, string>> => {
  const rows = await tables(db)
    .selectFrom('environments')
    .select(['id', 'key'])
    .where('project_id', '=', projectId)
    .execute()
  return new Map(rows.map(({ key, id }) => [key, id]))
}

const ofProject = (projectId: string | null): Expression<boolean> & ReturnType<typeof sql<boolean>> =>
  sql<boolean>`project_id is not distinct from ${projectId}`

export const deleteGrants = async (tx: Tx, personId: string, projectId: string | null): Promise<void> => {
  await tables(tx).deleteFrom('memberships').where('person_id', '=', personId).where(ofProject(projectId)).execute()
}

export interface NewGrant {
  readonly personId: string
  readonly projectId: string | null
  readonly environmentId: string | null
  readonly role: Role
}

export const insertGrants = async (tx: Tx, rows: readonly NewGrant[]): Promise<void> => {
  if (rows.length === 0) return
  await tables(tx)
    .insertInto('memberships')
    .values(
      rows.map(({ personId, projectId, environmentId, role }) => ({
        person_id: personId,
        project_id: projectId,
        environment_id: environmentId,
        role,
      })),
    )
    .execute()
}

export const selectProjectKey = async (db: Db | Tx, id: string): Promise<string | undefined> =>
  (await tables(db).selectFrom('projects').select('key').where('id', '=', id).executeTakeFirst())?.key

export const selectProjectIdByKey = async (db: Db | Tx, key: string): Promise<string | undefined> =>
  (await tables(db).selectFrom('projects').select('id').where('key', '=', key).executeTakeFirst())?.id
