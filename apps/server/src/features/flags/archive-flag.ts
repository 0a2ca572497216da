import type { AuditFlagged, FlagView } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import {
  type Environment,
  nextVersion,
  projectOf,
  recordChange,
  selectEnvironmentsOfProject,
} from '../projects/index.ts'
import { type FlagDeps, findFlag } from './change-config.ts'
import { type FlagRow, selectConfig, selectEnvironmentFlags, selectRuleOwners, updateFlagRow } from './flags-store.ts'
import { viewFlag } from './flags-views.ts'

/** A flag, and who does something to it. */
export interface FlagPlace {
  readonly projectId: string
  readonly flagKey: string
  readonly actor: Actor
}

/** Takes a flag out of all rulesets and keeps its key taken. Refused while other flags or a rollout depend on it. */
export async function archiveFlag(deps: FlagDeps, input: FlagPlace): Promise<FlagView> {
  const at = new Date(deps.clock.now())
  const { flag, changes } = await deps.db.transaction().execute(async tx => {
    const found = await findFlag(tx, input.projectId, input.flagKey)
    const changed = []
    const environments = await selectEnvironmentsOfProject(tx, input.projectId)
    let flagged: AuditFlagged | undefined
    for (const environment of environments) {
      const version = await nextVersion(tx, environment.id)
      await assertFree(tx, environment, found)
      flagged ??= await guardArchival(deps, tx, { flag: found, environment, actor: input.actor })
      changed.push(
        await recordChange(tx, { environment, flags: { [found.key]: null }, version, actor: input.actor, at }),
      )
    }
    await journalArchival(tx, { flag: found, environment: environments[0], actor: input.actor, at, flagged })
    return { flag: await updateFlagRow(tx, found.id, { archived_at: at }), changes: changed }
  })
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
  return viewFlag(deps.db, flag)
}

async function journalArchival(
  tx: Tx,
  made: {
    flag: FlagRow
    environment: Environment | undefined
    actor: Actor
    at: Date
    flagged: AuditFlagged | undefined
  },
): Promise<void> {
  const { flag, environment, actor, at, flagged } = made
  await journal(tx, {
    actor,
    at,
    verb: 'archive',
    object: { kind: 'flag', key: flag.key },
    ...(environment && { project: projectOf(environment) }),
    flag: flag.key,
    ...(flagged === undefined ? {} : { flagged }),
  })
}

/** For those who have it, a flag that is archived is one that is switched off. */
async function guardArchival(
  deps: FlagDeps,
  tx: Tx,
  { flag, environment, actor }: { flag: FlagRow; environment: Environment; actor: Actor },
): Promise<AuditFlagged | undefined> {
  const before = (await selectConfig(tx, flag.id, environment.id))?.config
  return (
    before && deps.guardChange(tx, { environment, flagKey: flag.key, before, after: { ...before, on: false }, actor })
  )
}

async function assertFree(tx: Tx, environment: Environment, flag: { id: string; key: string }): Promise<void> {
  const flags = await selectEnvironmentFlags(tx, environment.id)
  const dependants = flags.filter(other => other.prerequisites.some(prerequisite => prerequisite.flag === flag.key))
  const owners = await selectRuleOwners(tx, flag.id, environment.id)
  if (dependants.length === 0 && owners.length === 0) return
  const names = [...dependants.map(other => `the flag "${other.key}"`), ...owners.map(() => 'a running rollout')]
  throw new AppError('flag-in-use', `In ${environment.key}, ${names.join(' and ')} still depend on "${flag.key}".`, {
    details: names.map(message => ({ path: environment.key, message })),
  })
}
