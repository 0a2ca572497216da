import type { Ruleset } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import type { Environment } from '../projects/index.ts'
import { selectSegmentShapes, withIds } from '../segments/index.ts'
import { assertMakesSense, findFlag, pickShared } from './change-config.ts'
import { segmentsNeeded } from './flag-uses.ts'
import { flagOf, rulesetOf } from './flags-rules.ts'
import { selectEnvironmentFlags } from './flags-store.ts'

/**
 * The environment's ruleset as it is, and as it would be with this config of a flag. Refuses what saving it would
 * refuse, except that a rollout owns the rule: asking what would be is always allowed.
 */
export async function previewConfig(
  db: Db,
  change: { readonly environment: Environment; readonly flagKey: string; readonly config: FlagConfig },
): Promise<{ readonly before: Ruleset; readonly after: Ruleset }> {
  const { environment, flagKey, config } = change
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      const flag = await findFlag(tx, environment.projectId, flagKey)
      const flags = await selectEnvironmentFlags(tx, environment.id)
      const shapes = await selectSegmentShapes(tx, environment.projectId)
      const next = flagOf(pickShared(flag), config, environment.version + 1)
      const changed = [...flags.filter(({ key }) => key !== flagKey), next]
      await assertMakesSense(tx, environment, flags, { before: flags.find(({ key }) => key === flagKey), after: next })
      const needed = segmentsNeeded([...flags, next], flagKey, shapes)
      const segments = await withIds(tx, environment.projectId, { shapes, needed })
      return { before: rulesetOf(environment, flags, segments), after: rulesetOf(environment, changed, segments) }
    })
}
