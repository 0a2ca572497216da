import { createClient, type DimmerClient } from '@dimmer/node'
import { AdminApiError } from '@dimmer/protocol'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { openGuard } from '../../../tooling/services/guard.mjs'
import { startPostgres } from '../../../tooling/services/postgres.mjs'
import { createPostgresBus } from '../src/adapters/postgres-bus.ts'
import { type FreezingProxy, startFreezingProxy } from './freezing-proxy.ts'
import { type OpenStream, openStream, streamAddress } from './open-stream.ts'
import { ask } from './raw-http.ts'
import { expectRefusal } from './refusals.ts'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

// A database of its own, because it is killed.
const guard = openGuard()
const ends: (() => Promise<unknown>)[] = [guard.close]
let postgres: Awaited<ReturnType<typeof startPostgres>>
let network: FreezingProxy
let server: TestServer
let key: string
let client: DimmerClient
/** An open page hears of it too, and so does one that is opened meanwhile. */
let page: OpenStream
let pageAddress: string

async function connect(sdkKey: string, states = ['live']): Promise<DimmerClient> {
  const made = createClient({ url: server.url, sdkKey, log: () => undefined })
  ends.push(() => made.close())
  expect(states).toContain((await made.ready()).state)
  return made
}

beforeAll(async () => {
  postgres = await startPostgres(guard, inject('database'))
  network = await startFreezingProxy(postgres.url)
  ends.push(network.close)
  const bus = createPostgresBus({ connection: { connectionString: network.url }, report: () => undefined })
  ends.push(() => bus.close())
  server = await startTestServer({ databaseUrl: network.url, bus })
  ends.push(() => server.stop())
  key = await server.newKey()
  client = await connect(key)
  pageAddress = server.url + (await streamAddress(server.url, await server.newKey(SAMPLE.environment, 'browser')))
  page = await openStream(pageAddress)
  ends.push(async () => page.stop())
})
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const accountWithIt = { accountId: 'acc-00001' }
const QUICKLY_MS = 4_000

async function quickly<T>(work: Promise<T>): Promise<T> {
  const started = performance.now()
  const done = await work
  expect(performance.now() - started).toBeLessThan(QUICKLY_MS)
  return done
}

const readiness = async () => {
  const { status, text } = await quickly(ask(server.url, { path: '/readyz' }))
  return { code: status, ...JSON.parse(text) }
}
/** For SDKs it is as ready as before. */
const AWAY = { code: 200, database: 'away' }

const refused = async (call: Promise<unknown>): Promise<AdminApiError> => {
  const error = await quickly(call.catch((thrown: unknown) => thrown))
  if (error instanceof AdminApiError) return error
  throw new Error(`expected a refusal, got ${String(error)}`)
}

/** SDKs are served from memory. They say so when nobody can know any more whether that is the newest. */
async function expectSdksToGoOn(): Promise<void> {
  expect(['live', 'stale']).toContain(client.status().state)
  expect(client.isEnabled('bulk-invoice-api', accountWithIt)).toBe(true)
  const late = await quickly(connect(key, ['live', 'stale']))
  expect(late.isEnabled('bulk-invoice-api', accountWithIt)).toBe(true)
}

/** People are told, and nobody waits. */
async function expectRefusals(): Promise<void> {
  const list = await quickly(ask(server.url, { path: '/api/v1/projects' }))
  expectRefusal(list, 'unavailable')
  expect(list.headers['retry-after']).toBe('1')
  const writes = [
    server.admin.kill(at('bulk-invoice-api')),
    server.admin.createFlag(SAMPLE.project, { key: 'lost', type: 'boolean' }),
    server.admin.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'server', name: 'lost' }),
  ]
  const codes = await Promise.all(writes.map(async write => (await refused(write)).code))
  expect(codes).toEqual(['unavailable', 'unavailable', 'unavailable'])
  const unknown = { path: '/sdk/v1/ruleset', headers: { authorization: 'Bearer dmr_server_unknown' } }
  expectRefusal(await quickly(ask(server.url, unknown)), 'unavailable')
}

/** Everything works again: nothing was half done, and nothing that was kept is lost. */
async function expectToBeBack(event: string): Promise<void> {
  await expect.poll(readiness, { timeout: 10_000 }).toMatchObject({ status: 'ready', database: 'up' })
  expect(client.isEnabled('bulk-invoice-api', accountWithIt)).toBe(true)
  expect((await server.admin.listFlags(SAMPLE.project)).map(({ key: flag }) => flag)).not.toContain('lost')
  const { version } = await server.admin.switchFlag(at('maintenance-mode'), true)
  await expect.poll(() => client.status(), { timeout: 5_000 }).toMatchObject({ state: 'live', version })
  await server.admin.switchFlag(at('maintenance-mode'), false)
  await client.flush()
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from events join event_names on id = kind where name = ${event}`.execute(server.db)
  expect(rows).toEqual([{ n: 1 }])
}

it('killed: SDKs go on, people are told quickly; started again, all goes on', async () => {
  // The tests' server writes to disk when it likes.
  await sql`checkpoint`.execute(server.db)
  await postgres.kill()
  client.track('while killed', accountWithIt)
  await client.flush()
  expect(client.status().waitingEvents).toBe(1)
  expect(await readiness()).toMatchObject(AWAY)
  expect((await ask(server.url, { path: '/healthz' })).status).toBe(200)
  await expectRefusals()
  await expectSdksToGoOn()
  await expect.poll(() => client.status().state, { timeout: 10_000 }).toBe('stale')
  await expectSdksToGoOn()
  await expect.poll(() => page.text).toContain('data: {"type":"state","cutOff":true}')
  const late = await openStream(pageAddress)
  await expect.poll(() => late.text).toContain('"cutOff":true}')
  await postgres.start()
  await expectToBeBack('while killed')
  for (const { text } of [page, late]) expect(text).toContain('data: {"type":"state","cutOff":false}')
  late.stop()
})

it('silent: SDKs go on, readiness says so; answering again, all goes on', async () => {
  // Until it must ask the database again about the key.
  await new Promise(resolve => setTimeout(resolve, 1_100))
  network.freeze()
  client.track('while silent', accountWithIt)
  const flushing = client.flush()
  expect(await readiness()).toMatchObject(AWAY)
  await expectSdksToGoOn()
  network.thaw()
  await flushing
  await expectToBeBack('while silent')
})
