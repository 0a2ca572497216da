import { createClient } from '@dimmer/node'
import { sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../../../test/test-database.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

async function start() {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const server = await startTestServer({ databaseUrl: database.url })
  return { database, server }
}

async function connect(server: TestServer, key: string) {
  const client = createClient({ url: server.url, sdkKey: key, log: () => undefined })
  onTestFinished(() => client.close())
  expect(await client.ready()).toMatchObject({ state: 'live' })
  return client
}

/** What a backup holds of the environments. Gives what brings the database back to it. */
async function backUp({ db }: TestServer): Promise<() => Promise<void>> {
  await sql`create table backup_versions as select id, version from environments`.execute(db)
  await sql`create table backup_configs as select flag_id, environment_id, config, version from flag_configs`.execute(
    db,
  )
  return () =>
    db.transaction().execute(async tx => {
      await sql`update environments e set version = b.version from backup_versions b where b.id = e.id`.execute(tx)
      await sql`
        update flag_configs c set config = b.config, version = b.version from backup_configs b
        where b.flag_id = c.flag_id and b.environment_id = c.environment_id`.execute(tx)
      await sql`
        delete from outbox o using environments e where e.id = o.environment_id and o.version > e.version`.execute(tx)
    })
}

const SOMEBODY = { accountId: 'acc-00001' }

it('a database that is restored under running nodes is the truth, and SDKs follow it', async () => {
  const { server } = await start()
  onTestFinished(() => server.stop())
  const client = await connect(server, await server.newKey())
  expect(client.isEnabled('bulk-invoice-api', SOMEBODY)).toBe(true)
  const restore = await backUp(server)
  for (let turn = 0; turn < 3; turn++) await server.admin.switchFlag(at('maintenance-mode'), turn % 2 === 0)
  const { version: lost } = await server.admin.switchFlag(at('bulk-invoice-api'), false)
  await expect.poll(() => client.status().version, { timeout: 5_000 }).toBe(lost)

  await restore()
  await expect.poll(() => client.isEnabled('bulk-invoice-api', SOMEBODY), { timeout: 5_000 }).toBe(true)
  expect(client.status()).toMatchObject({ state: 'live', version: lost + 1 })
  const { version } = await server.admin.switchFlag(at('bulk-invoice-api'), false)
  expect(version).toBe(lost + 2)
  await expect.poll(() => client.status().version, { timeout: 5_000 }).toBe(version)
  expect(client.isEnabled('bulk-invoice-api', SOMEBODY)).toBe(false)
})

it('one that is restored while no node runs is noticed by the first SDK that comes back with a newer version', async () => {
  const { database, server } = await start()
  const key = await server.newKey()
  const restore = await backUp(server)
  const { version: lost } = await server.admin.switchFlag(at('bulk-invoice-api'), false)
  const port = Number(new URL(server.url).port)
  const client = await connect(server, key)
  await restore()
  await server.stop()

  const again = await startTestServer({ databaseUrl: database.url, port })
  onTestFinished(() => again.stop())
  await expect.poll(() => client.isEnabled('bulk-invoice-api', SOMEBODY), { timeout: 15_000 }).toBe(true)
  await expect.poll(() => client.status(), { timeout: 5_000 }).toMatchObject({ state: 'live', version: lost + 1 })
})

it('a client that claims an impossible version changes nothing', async () => {
  const { server } = await start()
  onTestFinished(() => server.stop())
  const key = await server.newKey()
  const before = await server.admin.receipts(SAMPLE.project, SAMPLE.environment)
  await fetch(`${server.url}/sdk/v1/receipts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ version: Number.MAX_SAFE_INTEGER, state: 'live' }),
  })
  const { version } = await server.admin.switchFlag(at('maintenance-mode'), true)
  expect(version).toBe(before.version + 1)
})
