import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../kernel/database.ts'
import type { App } from './app-type.ts'

/** A database that takes longer to say hello cannot be worked with. */
const PATIENCE_MS = 2_000

/** `/healthz`: the process runs. `/readyz`: it can do its work, so the database answers. */
export function healthRoutes(app: App, db: Db): void {
  const config = { permission: 'public' } as const
  app.get('/healthz', { config, schema: { hide: true } }, () => ({ status: 'ok' }))
  app.get('/readyz', { config, schema: { hide: true } }, async (_request, reply) => {
    try {
      const late = delay(PATIENCE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('too late')))
      await Promise.race([sql`select 1`.execute(db), late])
      return { status: 'ready' }
    } catch {
      return reply.code(503).send({ status: 'database-away' })
    }
  })
}
