import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { AppError } from './errors.ts'

/**
 * The database without any table: each slice names its own with `db.withTables<...>()`, so that no type knows all
 * tables and no slice can reach into another's.
 */
export type Db = Kysely<Record<never, never>>
export type Tx = Transaction<Record<never, never>>

/** A jsonb value. Needed because the driver would send an array as a PostgreSQL array. */
export const jsonb = <T>(value: T): RawBuilder<T> => sql<T>`${JSON.stringify(value)}::jsonb`

const isPgError = (error: unknown): error is Error & { code: string; constraint?: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'

/** True for a unique violation (23505), if `constraint` is given only of that one. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  isPgError(error) && error.code === '23505' && (constraint === undefined || error.constraint === constraint)

/** Connection trouble: refused, reset, time-out of the pool, or PostgreSQL starting up or shutting down (class 57P, 08). */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|57P0[1-5]|08\d{3}|53300)$/
const AWAY_MESSAGE = /Connection terminated|timeout exceeded when trying to connect|the database system is/

const BROKEN_TEXT = 'Text may not contain the NUL character (\\u0000) or broken Unicode.'
/** What only PostgreSQL notices in an input: text that it cannot store, alone or in JSON, and numbers out of range. */
const REFUSALS: Readonly<Record<string, string>> = {
  '22P05': BROKEN_TEXT,
  '22021': BROKEN_TEXT,
  '22P02': BROKEN_TEXT,
  '22003': 'A number is too large.',
}

/** Turns what the driver throws into an expected failure where it is one; anything else is given back unchanged. */
export function fromDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = isPgError(error) ? error.code : ''
  if (AWAY.test(code) || AWAY_MESSAGE.test(error.message)) {
    return new AppError('unavailable', 'The database cannot be reached at the moment; try again.', { cause: error })
  }
  const refusal = REFUSALS[code]
  if (refusal !== undefined) return new AppError('invalid-request', refusal, { cause: error })
  return error
}
