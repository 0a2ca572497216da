import { type Actor, personIdOf } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { JournalEntry } from '../../kernel/journal.ts'
import type { Environment } from '../projects/index.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { lockRequest, type RequestRow } from './approvals-store.ts'

/** A request, and who does something to it. */
export interface RequestPlace {
  readonly project: { readonly id: string; readonly key: string }
  /** Where the flag is; absent for a segment, which is everywhere. */
  readonly environment?: Environment
  readonly id: string
  readonly actor: Actor
}

/** The one who answers for an act: nobody approves what they wrote, whichever key they used. */
export const personBehind = (actor: Actor): string => personIdOf(actor) ?? actor.id

/** The request as it is in this transaction, which nobody else changes meanwhile; refuses one that is over. */
export async function holdRequest(tx: Tx, { project, id }: RequestPlace): Promise<RequestRow> {
  const row = await lockRequest(tx, project.id, id)
  if (row === undefined) {
    throw new AppError('change-request-not-found', `There is no change request "${id}" in this project.`)
  }
  if (row.status === 'open' || row.status === 'rejected') return row
  throw new AppError('not-allowed-now', `This change request is ${row.status} already.`)
}

type PlaceOfRow = Omit<RequestPlace, 'id'>

export function tell(deps: ApprovalDeps, { project, environment }: Omit<PlaceOfRow, 'actor'>, row: RequestRow): void {
  deps.announce(project.key, {
    type: 'change-request-changed',
    request: row.id,
    ...(row.segment_key === null ? { flag: row.flag_key } : { segment: row.segment_key }),
    ...(environment && { environment: environment.key }),
  })
}

/** What all entries about a request have in common. */
export const entryOf = (
  deps: ApprovalDeps,
  { project, environment, actor }: PlaceOfRow,
  row: RequestRow,
): Omit<JournalEntry, 'verb'> => ({
  actor,
  at: new Date(deps.clock.now()),
  object: { kind: 'change-request', key: row.id },
  project,
  ...(environment && { environment: environment.key }),
  ...(row.flag_key === null ? {} : { flag: row.flag_key }),
})

/** What a request no longer holds once it is over: lists of ids, which are of people. */
export const OVER = { segment_parts: null, apply_at: null } as const

export const withoutIds = (row: RequestRow) =>
  row.segment_key === null
    ? {}
    : { list_changes: row.list_changes.map(list => ({ ...list, addedIds: [], removedIds: [] })) }
