import { BUILT_IN_UNITS } from '@dimmer/engine'
import type { PrivateAttributesPut } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Hub } from '../../kernel/hub.ts'
import { journal } from '../../kernel/journal.ts'
import {
  nextVersion,
  type RulesetChanged,
  type RulesetEvents,
  recordChange,
  savePrivateAttributes,
  selectEnvironmentsOfProject,
  selectPrivateAttributes,
  selectUnits,
} from '../projects/index.ts'
import { forgetAttributes } from './forget-attributes.ts'
import type { DirectoryDeps } from './upload-directory.ts'

export interface PrivateDeps extends DirectoryDeps {
  readonly hub: Hub<RulesetEvents>
}

interface Place {
  readonly projectId: string
  readonly project: string
  readonly actor: Actor
}

/** What identifies a unit has to be sent, or nothing could be counted. */
async function assertNoUnits(tx: Tx, projectId: string, paths: readonly string[]): Promise<void> {
  const units = Object.entries({ ...(await selectUnits(tx, projectId)), ...BUILT_IN_UNITS })
  const bad = paths.flatMap((path, index) => {
    const unit = units.find(([, attribute]) => attribute === path || attribute.startsWith(`${path}.`))
    return unit === undefined
      ? []
      : [{ path: `attributes.${index}`, message: `"${path}" identifies the unit "${unit[0]}"` }]
  })
  if (bad.length === 0) return
  throw new AppError('invalid-request', `${bad.map(({ message }) => message).join(', ')}: it can't be private.`, {
    details: bad,
  })
}

/**
 * Declares the private attributes of a project: a new ruleset version in every environment, and what is stored of them is
 * deleted. Who writes into the directory at the same time is waited for.
 */
export async function declarePrivate(
  deps: PrivateDeps,
  { projectId, project, actor }: Place,
  attributes: readonly string[],
): Promise<PrivateAttributesPut> {
  const at = new Date(deps.clock.now())
  const paths = [...new Set(attributes)].sort()
  const { changes, deletedFrom } = await deps.db.transaction().execute(async tx => {
    const told: RulesetChanged[] = []
    for (const environment of await selectEnvironmentsOfProject(tx, projectId)) {
      const version = await nextVersion(tx, environment.id)
      told.push(await recordChange(tx, { environment, version, privateAttributes: paths, actor, at }))
    }
    await assertNoUnits(tx, projectId, paths)
    const before = await selectPrivateAttributes(tx, projectId)
    await savePrivateAttributes(tx, projectId, paths)
    const deleted = await forgetAttributes(tx, projectId, paths)
    await journal(tx, {
      actor,
      at,
      verb: 'change',
      object: { kind: 'private-attributes', key: project },
      project: { id: projectId, key: project },
      before: { attributes: before },
      after: { attributes: paths },
    })
    return { changes: told, deletedFrom: deleted }
  })
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
  deps.directories.forget(projectId)
  return { attributes: paths, deletedFrom }
}
