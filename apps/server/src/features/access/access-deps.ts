import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'

export interface AccessDeps {
  readonly db: Db
  readonly clock: Clock
}

export const MINUTE_MS = 60_000
export const DAY_MS = 24 * 60 * MINUTE_MS
