import type { AuditFlagged, CreateFlag, FlagView } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import { isUniqueViolation } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId, newSalt } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { nextVersion, projectOf, recordChange, selectEnvironmentsOfProject } from '../projects/index.ts'
import { assertMakesSense, configRow, type FlagDeps, pickShared } from './change-config.ts'
import { firstConfig, flagOf, variantsOf } from './flags-rules.ts'
import { type FlagRow, insertFlag, saveConfig, selectEnvironmentFlags } from './flags-store.ts'
import { viewFlag } from './flags-views.ts'

export interface NewFlag extends CreateFlag {
  readonly projectId: string
  readonly actor: Actor
  /** Only for sample data, so that it is the same everywhere; else drawn. */
  readonly salt?: string
}

/** Makes a flag in all environments of the project: one new ruleset version in each, in one transaction. */
export async function createFlag(deps: FlagDeps, input: NewFlag): Promise<FlagView> {
  const variants = variantsOf(input)
  if (variants === undefined) {
    throw new AppError('invalid-flag', `variants: a ${input.type} flag needs its variants.`, {
      details: [{ path: 'variants', message: 'is missing' }],
    })
  }
  const at = new Date(deps.clock.now())
  const flag: FlagRow = {
    id: newId(),
    project_id: input.projectId,
    key: input.key,
    name: input.name ?? input.key,
    description: input.description ?? '',
    type: input.type,
    variants,
    salt: input.salt ?? newSalt(),
    created_at: at,
    archived_at: null,
  }
  const changes = await insertEverywhere(deps, { flag, input, at }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'flags_project_id_key_key')) throw error
    throw new AppError(
      'already-exists',
      `The key "${input.key}" is taken, by this or an archived flag. Keys are never used again.`,
    )
  })
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
  return viewFlag(deps.db, flag)
}

async function insertEverywhere(deps: FlagDeps, made: { flag: FlagRow; input: NewFlag; at: Date }) {
  const { flag, input, at } = made
  const config = firstConfig(input, flag.variants)
  const { config: _given, ...without } = input
  // Code may ask for the key already: a flag that comes with a config changes what that gets.
  const before = firstConfig(without, flag.variants)
  let flagged: AuditFlagged | undefined
  return deps.db.transaction().execute(async tx => {
    await insertFlag(tx, flag)
    const changes = []
    const environments = await selectEnvironmentsOfProject(tx, input.projectId)
    for (const environment of environments) {
      const version = await nextVersion(tx, environment.id)
      const after = flagOf(pickShared(flag), config, version)
      const siblings = await selectEnvironmentFlags(tx, environment.id)
      await assertMakesSense(tx, environment, siblings, { after })
      const guarded = { environment, flagKey: flag.key, before, after: config, actor: input.actor }
      flagged ??= await deps.guardChange(tx, { ...guarded, isNew: true })
      await saveConfig(tx, configRow({ flag, environment, config, version, at }))
      changes.push(
        await recordChange(tx, { environment, flags: { [flag.key]: after }, version, actor: input.actor, at }),
      )
    }
    const [environment] = environments
    await journal(tx, {
      actor: input.actor,
      at,
      verb: 'create',
      object: { kind: 'flag', key: flag.key },
      ...(environment && { project: projectOf(environment) }),
      flag: flag.key,
      ...(flagged === undefined ? {} : { flagged }),
      after: { name: flag.name, description: flag.description, type: flag.type, variants: flag.variants, ...config },
    })
    return changes
  })
}
