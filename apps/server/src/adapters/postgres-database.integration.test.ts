import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFreezingProxy } from '../../test/freezing-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../../test/test-database.ts'
import { fromDatabaseError } from '../kernel/database.ts'
import { type OpenedDatabase, openDatabase } from './postgres-database.ts'

let database: TestDatabase
let opened: OpenedDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase({ connectionString: database.url })
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

it('gives large counts as numbers', async () => {
  const { rows } = await sql<{ n: number }>`select 4503599627370496::bigint as n`.execute(opened.db)
  expect(rows).toEqual([{ n: 4_503_599_627_370_496 }])
})

it('fails the query whose connection was cut in a transaction, and goes on with a new connection', async () => {
  const cut = opened.db.transaction().execute(async tx => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(opened.db)
    // Long enough for the lost connection to be noticed while nothing waits on it.
    await new Promise(resolve => setTimeout(resolve, 100))
    await sql`select 1`.execute(tx)
  })
  await expect(cut).rejects.toThrow(/terminat|not queryable|closed/i)
  const { rows } = await sql<{ one: number }>`select 1 as one`.execute(opened.db)
  expect(rows).toEqual([{ one: 1 }])
})

it('gives up on a database that has fallen silent, and goes on with a new connection', async () => {
  const network = await startFreezingProxy(database.url)
  const far = openDatabase({ connectionString: network.url }, 300)
  const ask = () => sql<{ one: number }>`select 1 as one`.execute(far.db)
  await ask()
  network.freeze()
  const error = await ask().catch(fromDatabaseError)
  expect(error).toMatchObject({ code: 'unavailable' })
  network.thaw()
  expect((await ask()).rows).toEqual([{ one: 1 }])
  await far.close()
  await network.close()
})
