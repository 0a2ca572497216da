import { randomBytes } from 'node:crypto'
import type { CreateConnection, NewConnection } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import { type Db, isUniqueViolation } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type JournalEntry, journal } from '../../kernel/journal.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Environment, projectOf } from '../projects/index.ts'
import { type ConnectionRow, deleteConnectionRow, insertConnection, selectConnection } from './connections-store.ts'
import { viewConnection } from './connections-views.ts'

export interface ConnectionDeps {
  readonly db: Db
  readonly clock: Clock
  /** Undefined: no DIMMER_SECRET_KEY, so secrets of others cannot be kept. */
  readonly sealer: Sealer | undefined
}

interface ConnectionPlace {
  readonly environment: Environment
  readonly actor: Actor
}

const entryOf = (place: ConnectionPlace, row: ConnectionRow, at: Date): Omit<JournalEntry, 'verb'> => ({
  actor: place.actor,
  at,
  object: { kind: 'connection', key: row.key },
  project: projectOf(place.environment),
  environment: place.environment.key,
})

const describe = ({ kind, name, settings }: ConnectionRow) => ({ kind, name, settings })

function sealed({ sealer }: ConnectionDeps, id: string, secret: string | undefined): Buffer | null {
  if (secret === undefined) return null
  if (sealer !== undefined) return sealer.seal(secret, id)
  throw new AppError(
    'not-configured',
    'This server cannot keep secrets of others: set DIMMER_SECRET_KEY to a long random text, the same on all nodes.',
  )
}

/** Makes a connection. For a support desk without a secret of its own, one is drawn and shown in the answer. */
export async function createConnection(
  deps: ConnectionDeps,
  place: ConnectionPlace,
  wanted: CreateConnection,
): Promise<NewConnection> {
  const at = new Date(deps.clock.now())
  const id = newId()
  const drawn =
    wanted.kind === 'tickets' && wanted.secret === undefined ? randomBytes(24).toString('base64url') : undefined
  const { key, kind, name, settings } = wanted
  const row: ConnectionRow = {
    id,
    environment_id: place.environment.id,
    key,
    kind,
    name,
    settings,
    secret: sealed(deps, id, drawn ?? wanted.secret),
    created_at: at,
    passed: 0,
    refused: 0,
    last_passed_at: null,
    last_problem_at: null,
    last_problem: null,
  }
  try {
    const made = await deps.db.transaction().execute(async tx => {
      const inserted = await insertConnection(tx, row)
      await journal(tx, { ...entryOf(place, row, at), verb: 'create', after: describe(row) })
      return inserted
    })
    return { ...viewConnection(made), ...(drawn !== undefined && { secret: drawn }) }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    if (isUniqueViolation(error, 'connections_one_prometheus')) {
      throw new AppError(
        'already-exists',
        `${place.environment.key} is connected to a Prometheus already; end that one first.`,
      )
    }
    throw new AppError('already-exists', `There is a connection "${key}" in ${place.environment.key} already.`)
  }
}

/** Ends a connection: its address, its secret and what it still had to deliver are gone. */
export async function deleteConnection(deps: ConnectionDeps, place: ConnectionPlace, key: string): Promise<void> {
  const at = new Date(deps.clock.now())
  await deps.db.transaction().execute(async tx => {
    const row = await selectConnection(tx, place.environment.id, key)
    if (row === undefined) throw noConnection(place.environment, key)
    await deleteConnectionRow(tx, row.id)
    await journal(tx, { ...entryOf(place, row, at), verb: 'delete', before: describe(row) })
  })
}

export const noConnection = (environment: Environment, key: string): AppError =>
  new AppError('connection-not-found', `There is no connection "${key}" in ${environment.key}.`)
