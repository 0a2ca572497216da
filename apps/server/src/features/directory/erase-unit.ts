import { BUILT_IN_UNITS, unitAttribute } from '@dimmer/engine'
import type { Erased } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import { erasureReference, redactJournal } from '../../kernel/redact-journal.ts'
import { eraseFromRequests } from '../approvals/index.ts'
import { flagsNaming } from '../flags/index.ts'
import { selectEnvironmentsOfProject, selectUnits } from '../projects/index.ts'
import { segmentsNaming } from '../segments/index.ts'
import { deleteUnits, selectUsersOfAccount, unlinkUnits } from './directory-store.ts'
import type { DirectoryDeps } from './upload-directory.ts'

type Elsewhere = Pick<Erased, 'events' | 'exposures' | 'facts' | 'told'>

export interface EraseDeps extends DirectoryDeps {
  /** Deletes what other slices keep about units of one kind. Runs before the directory forgets them. */
  readonly eraseElsewhere: (
    tx: Tx,
    units: { readonly environmentIds: readonly string[]; readonly unit: string; readonly ids: readonly string[] },
  ) => Promise<Elsewhere>
}

export interface ErasePlace {
  readonly projectId: string
  readonly project: string
  readonly unit: string
  readonly id: string
  /** With an account also its users. */
  readonly users: boolean
  readonly actor: Actor
}

/** The attribute by which others name the unit; refuses a unit that the project doesn't have. */
async function attributeOf(tx: Tx, { projectId, unit }: ErasePlace): Promise<string> {
  const units = await selectUnits(tx, projectId)
  const attribute = unitAttribute(unit, units)
  if (attribute !== undefined) return attribute
  const known = [...Object.keys(BUILT_IN_UNITS), ...Object.keys(units)]
  throw new AppError('unit-not-found', `The project has no unit "${unit}". It has: ${known.join(', ')}.`)
}

const sum = (a: Elsewhere, b: Elsewhere): Elsewhere => ({
  events: a.events + b.events,
  exposures: a.exposures + b.exposures,
  facts: a.facts + b.facts,
  told: a.told + b.told,
})

async function eraseIn(deps: EraseDeps, tx: Tx, place: ErasePlace): Promise<Erased> {
  const { projectId, unit, id } = place
  const attribute = await attributeOf(tx, place)
  const environmentIds = (await selectEnvironmentsOfProject(tx, projectId)).map(environment => environment.id)
  const users = place.users ? await selectUsersOfAccount(tx, projectId, id) : []
  const own = await deps.eraseElsewhere(tx, { environmentIds, unit, ids: [id] })
  const theirs = await deps.eraseElsewhere(tx, { environmentIds, unit: 'user', ids: users })
  const ids = [id, ...users]
  const reference = await erasureReference(tx, place)
  const units = (await deleteUnits(tx, projectId, unit, [id])) + (await deleteUnits(tx, projectId, 'user', users))
  const unlinked = await unlinkUnits(tx, projectId, attribute, id)
  const redacts = await redactJournal(tx, { projectId, ids, reference })
  const { requests, stillNamedIn: inRequests } = await eraseFromRequests(tx, { projectId, ids })
  const stillNamedIn = [
    ...(await segmentsNaming(tx, projectId, ids)),
    ...(await flagsNaming(tx, projectId, ids)),
    ...inRequests,
  ]
  const counts = { units, unlinked, ...sum(own, theirs), requests, redacted: redacts.length }
  await journal(tx, {
    actor: place.actor,
    at: new Date(deps.clock.now()),
    verb: 'erase',
    object: { kind: unit, key: reference },
    project: { id: projectId, key: place.project },
    after: counts,
    redacts,
  })
  return { reference, ...counts, stillNamedIn }
}

/**
 * Deletes one unit from the directory and from everything that is kept per unit, in all environments of its project, and
 * from the details of earlier entries of the journal. What happened stays written down, without the id.
 */
export async function eraseUnit(deps: EraseDeps, place: ErasePlace): Promise<Erased> {
  if (place.users && place.unit !== 'account') {
    throw new AppError('invalid-request', `users=true is for accounts; "${place.unit}" has no users.`)
  }
  const erased = await deps.db.transaction().execute(tx => eraseIn(deps, tx, place))
  deps.directories.forget(place.projectId)
  return erased
}
