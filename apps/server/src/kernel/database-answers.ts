import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from './database.ts'

/** A database that takes longer to say hello cannot be worked with. */
const PATIENCE_MS = 2_000

export async function databaseAnswers(db: Db): Promise<boolean> {
  try {
    const late = delay(PATIENCE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('too late')))
    await Promise.race([sql`select 1`.execute(db), late])
    return true
  } catch {
    return false
  }
}
