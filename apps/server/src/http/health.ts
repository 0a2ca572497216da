import { sql } from 'kysely'
import type { Db } from '../kernel/database.ts'
import type { App } from './app-type.ts'

/** `/healthz`: the process runs. `/readyz`: it can do its work, so the database answers. */
export function healthRoutes(app: App, db: Db): void {
  const config = { access: 'public' } as const
  app.get('/healthz', { config, schema: { hide: true } }, () => ({ status: 'ok' }))
  app.get('/readyz', { config, schema: { hide: true } }, async (_request, reply) => {
    try {
      await sql`select 1`.execute(db)
      return { status: 'ready' }
    } catch {
      return reply.code(503).send({ status: 'database-away' })
    }
  })
}
