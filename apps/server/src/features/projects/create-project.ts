import type { CreateProject, ProjectView } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import { type Db, isUniqueViolation } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import type { Clock } from '../../ports/clock.ts'
import { insertProject } from './projects-store.ts'

const USUAL_ENVIRONMENTS = [
  { key: 'development', name: 'Development' },
  { key: 'production', name: 'Production' },
]

/** Makes a project with its environments (usually development and production). */
export async function createProject(
  deps: { db: Db; clock: Clock },
  input: CreateProject,
  actor: Actor,
): Promise<ProjectView> {
  const environments = input.environments ?? USUAL_ENVIRONMENTS
  const twice = environments.find((one, index) => environments.findIndex(other => other.key === one.key) !== index)
  if (twice) throw new AppError('invalid-request', `environments: the key "${twice.key}" is there twice.`)
  const project = {
    id: newId(),
    key: input.key,
    name: input.name,
    at: new Date(deps.clock.now()),
    environments: environments.map(environment => ({ id: newId(), ...environment })),
  }
  try {
    await deps.db.transaction().execute(async tx => {
      await insertProject(tx, project)
      await journal(tx, {
        actor,
        at: project.at,
        verb: 'create',
        object: { kind: 'project', key: project.key },
        project,
        after: { name: project.name, environments },
      })
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'projects_key_key')) throw error
    throw new AppError('already-exists', `There is a project with the key "${input.key}" already.`)
  }
  return {
    key: input.key,
    name: input.name,
    units: {},
    environments: environments.map(environment => ({ ...environment, version: 0 })),
  }
}
