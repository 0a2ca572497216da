import type { Ruleset } from '@dimmer/engine'
import type { Db } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { rulesetOf, selectEnvironmentFlags } from '../flags/index.ts'
import { selectChangedAt, selectEnvironmentById } from '../projects/index.ts'
import { selectSegments } from '../segments/index.ts'

/** A ruleset with the keys under which people know its place. */
export interface LoadedRuleset {
  readonly projectKey: string
  readonly environmentKey: string
  readonly ruleset: Ruleset
  /** When its latest change was committed, epoch ms; when it was read, if nothing is known of that. */
  readonly changedAt: number
}

/** Reads an environment's ruleset as of one moment: version and flags belong together. */
export async function loadRuleset(db: Db, environmentId: string): Promise<LoadedRuleset> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      const environment = await selectEnvironmentById(tx, environmentId)
      if (environment === undefined) throw new AppError('environment-not-found', 'This environment is gone.')
      const flags = await selectEnvironmentFlags(tx, environmentId)
      const ruleset = rulesetOf(environment, flags, await selectSegments(tx, environment.projectId))
      const changedAt = await selectChangedAt(tx, environmentId, environment.version)
      return {
        projectKey: environment.projectKey,
        environmentKey: environment.key,
        ruleset,
        changedAt: (changedAt ?? new Date()).getTime(),
      }
    })
}
