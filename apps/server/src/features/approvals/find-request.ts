import type { FlagConfig, SegmentChange } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Environment, selectEnvironmentById } from '../projects/index.ts'
import { type FlagRequestRow, type RequestRow, selectRequest, selectSegmentParts } from './approvals-store.ts'

/** A request by id; refuses with `change-request-not-found`. */
export async function findRequest(
  db: Db,
  { projectId, id }: { readonly projectId: string; readonly id: string },
): Promise<RequestRow> {
  const row = await selectRequest(db, projectId, id)
  if (row !== undefined) return row
  throw new AppError('change-request-not-found', `There is no change request "${id}" in this project.`)
}

export async function environmentOf(db: Db | Tx, row: FlagRequestRow): Promise<Environment> {
  const environment = await selectEnvironmentById(db, row.environment_id)
  if (environment !== undefined) return environment
  throw new AppError('environment-not-found', 'The environment of this change request is gone.')
}

/** What a request asks for, for those who want to know what it would do. */
export type AskedChange =
  | { readonly kind: 'flag'; readonly environment: Environment; readonly flagKey: string; readonly config: FlagConfig }
  | { readonly kind: 'segment'; readonly key: string; readonly parts: SegmentChange['segment'] }

/** The change that a request asks for; refuses one that is over. */
export async function findRequestedChange(
  db: Db,
  place: { readonly projectId: string; readonly id: string },
): Promise<AskedChange> {
  const row = await findRequest(db, place)
  if (row.status === 'applied' || row.status === 'cancelled') {
    throw new AppError('not-allowed-now', `This change request is ${row.status} already.`)
  }
  if (row.segment_key === null) {
    return { kind: 'flag', environment: await environmentOf(db, row), flagKey: row.flag_key, config: row.after }
  }
  return { kind: 'segment', key: row.segment_key, parts: (await selectSegmentParts(db, row.id)) ?? {} }
}
