import { afterAll, inject, it } from 'vitest'
import { openGuard } from '../../../../tooling/services/guard.mjs'
import { startPostgres } from '../../../../tooling/services/postgres.mjs'
import { describeServerBus } from '../../test/bus-contract.ts'
import { createPostgresBus } from './postgres-bus.ts'

if (inject('databaseUrl') === null) {
  it.skip('needs PostgreSQL')
} else {
  // A server of its own, because these tests kill it.
  const guard = openGuard()
  const server = await startPostgres(guard, inject('database'))
  afterAll(() => guard.close())
  describeServerBus(
    'the bus over PostgreSQL',
    report => createPostgresBus({ connection: { connectionString: server.url }, report }),
    server,
  )
}
