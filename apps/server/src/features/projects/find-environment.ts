import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Environment, selectEnvironment, selectProjectId } from './projects-store.ts'

/** The id of a project by its key; refuses with `project-not-found`. */
export async function findProjectId(db: Db | Tx, projectKey: string): Promise<string> {
  const id = await selectProjectId(db, projectKey)
  if (id === undefined) throw new AppError('project-not-found', `There is no project "${projectKey}".`)
  return id
}

/** The project of an environment, as the journal names it. */
export const projectOf = ({ projectId, projectKey }: Environment) => ({ id: projectId, key: projectKey })

/** An environment by the keys in an address; refuses with `project-not-found` or `environment-not-found`. */
export async function findEnvironment(db: Db | Tx, projectKey: string, environmentKey: string): Promise<Environment> {
  const environment = await selectEnvironment(db, projectKey, environmentKey)
  if (environment !== undefined) return environment
  await findProjectId(db, projectKey)
  throw new AppError('environment-not-found', `Project "${projectKey}" has no environment "${environmentKey}".`)
}
