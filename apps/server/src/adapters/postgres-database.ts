import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Db } from '../kernel/database.ts'

export interface OpenedDatabase {
  readonly db: Db
  close(): Promise<void>
}

/** A little more than a statement may take: what is silent for longer is gone without a word. */
const SILENCE_MS = 35_000

/**
 * A pool of connections. Waits 3 s for a connection at most, 30 s for a statement, and `silenceMs` for a server that
 * does not say anything, so that nothing hangs.
 */
export function openDatabase(connection: pg.PoolConfig, silenceMs: number = SILENCE_MS): OpenedDatabase {
  const pool = new pg.Pool({
    ...connection,
    max: 20,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'dimmer',
    types: {
      getTypeParser: (oid, format) => {
        if (oid === pg.types.builtins.INT8 && format !== 'binary') return (text: string) => safeInteger(text)
        return pg.types.getTypeParser(oid, format)
      },
    },
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  // The same while it is lent out: whoever uses it gets the failure from the query.
  pool.on('connect', client => {
    client.on('error', () => undefined)
    closeWhenSilent(client.connection.stream, silenceMs)
  })
  const db = new Kysely<Record<never, never>>({ dialect: new PostgresDialect({ pool }) })
  return { db, close: () => db.destroy() }
}

/** The pool closes what it doesn't use before this does, so it hits only a connection on which a query waits. */
function closeWhenSilent(stream: Duplex, silenceMs: number): void {
  if (!(stream instanceof Socket)) return
  const silent = () => Object.assign(new Error('The database did not answer'), { code: 'ETIMEDOUT' })
  stream.setTimeout(silenceMs, () => stream.destroy(silent()))
}

/** Versions and counts are far below 2^53. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`)
  return value
}
