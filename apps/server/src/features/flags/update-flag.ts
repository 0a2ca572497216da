import type { FlagView, UpdateFlag } from '@dimmer/protocol'
import { journal } from '../../kernel/journal.ts'
import { projectOf, selectEnvironmentsOfProject } from '../projects/index.ts'
import type { FlagPlace } from './archive-flag.ts'
import { type FlagDeps, findFlag } from './change-config.ts'
import { updateFlagRow } from './flags-store.ts'
import { viewFlag } from './flags-views.ts'

/** Changes what a flag is called. SDKs don't see it: no ruleset changes. */
export async function updateFlag(deps: FlagDeps, place: FlagPlace, change: UpdateFlag): Promise<FlagView> {
  const flag = await deps.db.transaction().execute(async tx => {
    const found = await findFlag(tx, place.projectId, place.flagKey)
    if (Object.keys(change).length === 0) return found
    const [environment] = await selectEnvironmentsOfProject(tx, place.projectId)
    const updated = await updateFlagRow(tx, found.id, change)
    await journal(tx, {
      actor: place.actor,
      at: new Date(deps.clock.now()),
      verb: 'edit',
      object: { kind: 'flag', key: found.key },
      ...(environment && { project: projectOf(environment) }),
      flag: found.key,
      before: { name: found.name, description: found.description },
      after: { name: updated.name, description: updated.description },
    })
    return updated
  })
  return viewFlag(deps.db, flag)
}
