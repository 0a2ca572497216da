import type { ProjectView } from '@dimmer/protocol'
import { type Generated, sql } from 'kysely'
import { type Db, jsonb, type Tx } from '../../kernel/database.ts'

type Tables = {
  projects: {
    id: string
    key: string
    name: string
    units: Readonly<Record<string, string>>
    private_attributes: Generated<readonly string[]>
    created_at: Date
  }
  environments: { id: string; project_id: string; key: string; name: string; position: number; version: number }
}

/** One environment with the project it is in. */
export interface Environment {
  readonly id: string
  readonly key: string
  readonly projectId: string
  readonly projectKey: string
  /** Custom units of the project: name -> context attribute. */
  readonly units: Readonly<Record<string, string>>
  /** Attributes of the project that SDKs don't send; dotted paths. */
  readonly privateAttributes: readonly string[]
  /** Ruleset version when it was read. */
  readonly version: number
}

const tables = (db: Db | Tx) => db.withTables<Tables>()

const environments = (db: Db | Tx) =>
  tables(db)
    .selectFrom('environments')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .select([
      'environments.id',
      'environments.key',
      'environments.version',
      'projects.id as projectId',
      'projects.key as projectKey',
      'projects.units',
      'projects.private_attributes as privateAttributes',
    ])

export const selectEnvironment = (
  db: Db | Tx,
  projectKey: string,
  environmentKey: string,
): Promise<Environment | undefined> =>
  environments(db)
    .where('projects.key', '=', projectKey)
    .where('environments.key', '=', environmentKey)
    .executeTakeFirst()

export const selectEnvironmentById = (db: Db | Tx, id: string): Promise<Environment | undefined> =>
  environments(db).where('environments.id', '=', id).executeTakeFirst()

export const selectEnvironmentsOfProject = (db: Db | Tx, projectId: string): Promise<Environment[]> =>
  environments(db).where('projects.id', '=', projectId).orderBy('environments.position').execute()

/** The versions of all environments: what every node compares once a second. */
export const selectVersions = (db: Db): Promise<{ id: string; version: number }[]> =>
  tables(db).selectFrom('environments').select(['id', 'version']).execute()

/**
 * Raises the version above `held`, unless it is that high already. Leaves a gap in the log, so that everybody takes the
 * whole ruleset. Gives the new version.
 */
export const liftVersion = async (db: Db, environmentId: string, held: number): Promise<number | undefined> =>
  (
    await tables(db)
      .updateTable('environments')
      .set({ version: held + 1 })
      .where('id', '=', environmentId)
      .where('version', '<', held)
      .returning('version')
      .executeTakeFirst()
  )?.version

/** Raises the version by one and keeps other writers of this environment out until the transaction ends. */
export const nextVersion = async (tx: Tx, environmentId: string): Promise<number> => {
  const row = await tables(tx)
    .updateTable('environments')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', environmentId)
    .returning('version')
    .executeTakeFirstOrThrow()
  return row.version
}

export const selectProjects = async (db: Db): Promise<readonly ProjectView[]> => {
  const projects = await tables(db).selectFrom('projects').selectAll().orderBy('created_at').orderBy('key').execute()
  const all = await tables(db).selectFrom('environments').selectAll().orderBy('position').execute()
  return projects.map(project => ({
    key: project.key,
    name: project.name,
    units: project.units,
    environments: all
      .filter(environment => environment.project_id === project.id)
      .map(({ key, name, version }) => ({ key, name, version })),
  }))
}

/** The custom units of a project as they are in this transaction: name -> context attribute. */
export const selectUnits = async (db: Db | Tx, projectId: string): Promise<Readonly<Record<string, string>>> =>
  (await tables(db).selectFrom('projects').select('units').where('id', '=', projectId).executeTakeFirstOrThrow()).units

export const saveUnits = async (tx: Tx, projectId: string, units: Readonly<Record<string, string>>): Promise<void> => {
  await tables(tx)
    .updateTable('projects')
    .set({ units: jsonb(units) })
    .where('id', '=', projectId)
    .execute()
}

/** The private attributes of a project: dotted paths. */
export const selectPrivateAttributes = async (db: Db | Tx, projectId: string): Promise<readonly string[]> =>
  (
    await tables(db)
      .selectFrom('projects')
      .select('private_attributes as paths')
      .where('id', '=', projectId)
      .executeTakeFirstOrThrow()
  ).paths

/** The same, and nobody declares others until the transaction ends. */
export const holdPrivateAttributes = async (tx: Tx, projectId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ paths: readonly string[] }>`
    select private_attributes as paths from projects where id = ${projectId} for share`.execute(tx)
  return rows[0]?.paths ?? []
}

export const savePrivateAttributes = async (tx: Tx, projectId: string, paths: readonly string[]): Promise<void> => {
  await tables(tx)
    .updateTable('projects')
    .set({ private_attributes: jsonb(paths) })
    .where('id', '=', projectId)
    .execute()
}

export const selectProjectId = async (db: Db | Tx, key: string): Promise<string | undefined> =>
  (await tables(db).selectFrom('projects').select('id').where('key', '=', key).executeTakeFirst())?.id

export interface NewProject {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly at: Date
  readonly environments: readonly { readonly id: string; readonly key: string; readonly name: string }[]
}

export const insertProject = async (tx: Tx, project: NewProject): Promise<void> => {
  await tables(tx)
    .insertInto('projects')
    .values({ id: project.id, key: project.key, name: project.name, units: jsonb({}), created_at: project.at })
    .execute()
  await tables(tx)
    .insertInto('environments')
    .values(
      project.environments.map((environment, position) => ({
        ...environment,
        position,
        project_id: project.id,
        version: 0,
      })),
    )
    .execute()
}
