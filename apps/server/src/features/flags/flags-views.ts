import type { FlagView } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import { selectEnvironmentsOfProject } from '../projects/index.ts'
import { type ConfigRow, type FlagRow, selectConfigs, selectFlags } from './flags-store.ts'

type EnvironmentNames = readonly { readonly id: string; readonly key: string }[]

const present = (flag: FlagRow, configs: readonly ConfigRow[], environments: EnvironmentNames): FlagView => ({
  key: flag.key,
  name: flag.name,
  description: flag.description,
  type: flag.type,
  variants: flag.variants,
  salt: flag.salt,
  createdAt: flag.created_at.toISOString(),
  archivedAt: flag.archived_at?.toISOString() ?? null,
  environments: environments.flatMap(environment => {
    const row = configs.find(config => config.flag_id === flag.id && config.environment_id === environment.id)
    if (row === undefined) return []
    return [
      { ...row.config, environment: environment.key, version: row.version, updatedAt: row.updated_at.toISOString() },
    ]
  }),
})

/** A flag with its config in each environment. */
export async function viewFlag(db: Db, flag: FlagRow): Promise<FlagView> {
  const [configs, environments] = await Promise.all([
    selectConfigs(db, [flag.id]),
    selectEnvironmentsOfProject(db, flag.project_id),
  ])
  return present(flag, configs, environments)
}

/** All flags of a project that are not archived, by key. */
export async function viewFlags(db: Db, projectId: string): Promise<readonly FlagView[]> {
  const [flags, environments] = await Promise.all([
    selectFlags(db, projectId),
    selectEnvironmentsOfProject(db, projectId),
  ])
  const configs = await selectConfigs(
    db,
    flags.map(flag => flag.id),
  )
  return flags.map(flag => present(flag, configs, environments))
}
