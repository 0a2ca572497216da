import { createClient } from '@dimmer/node'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { createPostgresBus } from '../src/adapters/postgres-bus.ts'
import { createRedisBus } from '../src/adapters/redis-bus.ts'
import type { Bus } from '../src/ports/bus.ts'
import { startFreezingProxy } from './freezing-proxy.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

type Role = 'api' | 'stream' | 'worker'

let database: TestDatabase
const ends: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(() => database.drop())

const overPostgres = () =>
  createPostgresBus({ connection: { connectionString: database.url }, report: () => undefined })

async function startRole(
  role: Role,
  openBus: () => Bus = overPostgres,
  databaseUrl = database.url,
): Promise<TestServer> {
  const bus = openBus()
  ends.push(() => bus.close())
  const node = await startTestServer({ role, databaseUrl, bus, lookEveryMs: 50 })
  ends.push(() => node.stop())
  return node
}

/** Whether there is anything at an address: 401 and 400 are answers too. */
async function serves({ url }: TestServer, method: 'GET' | 'POST', path: string): Promise<boolean> {
  return (await fetch(url + path, { method })).status !== 404
}

const SERVED: readonly (readonly ['GET' | 'POST', string, readonly Role[]])[] = [
  ['GET', '/healthz', ['api', 'stream', 'worker']],
  ['GET', '/readyz', ['api', 'stream', 'worker']],
  ['GET', '/metrics', ['api', 'stream', 'worker']],
  ['GET', '/api/v1/projects', ['api']],
  ['GET', '/api/v1/session', ['api']],
  ['GET', '/sdk/v1/ruleset', ['stream']],
  ['GET', '/sdk/v1/stream', ['stream']],
  ['GET', '/sdk/v1/client-stream', ['stream']],
  ['POST', '/ofrep/v1/evaluate/flags', ['stream']],
  ['POST', '/sdk/v1/events', ['api', 'stream']],
]

it('each role serves its own addresses and no others', async () => {
  for (const role of ['api', 'stream', 'worker'] as const) {
    const node = await startRole(role)
    const served = await Promise.all(SERVED.map(([method, path]) => serves(node, method, path)))
    expect(SERVED.filter((_, index) => served[index]).map(([, path]) => path)).toEqual(
      SERVED.filter(([, , roles]) => roles.includes(role)).map(([, path]) => path),
    )
  }
})

async function expectChangesToArrive(openBus: () => Bus): Promise<void> {
  const api = await startRole('api', openBus)
  const stream = await startRole('stream', openBus)
  const client = createClient({ url: stream.url, sdkKey: await api.newKey(), instanceId: 'role', log: () => undefined })
  ends.push(() => client.close())
  expect(await client.ready()).toMatchObject({ state: 'live' })
  for (const on of [true, false]) {
    const { version } = await api.admin.switchFlag(at('maintenance-mode'), on)
    await expect.poll(() => client.status().version, { timeout: 5_000 }).toBe(version)
    expect(client.isEnabled('maintenance-mode', {})).toBe(on)
  }
  await api.admin.switchFlag(at('ai-chatbot'), true)
  const { receipts } = await api.admin.kill(at('ai-chatbot'), 5_000)
  expect(receipts).toMatchObject({ instances: 1, confirmed: 1, slowest: 'role', late: [] })
}

describe('a change made at api reaches the SDKs at stream, and api hears their receipts', () => {
  it('over PostgreSQL', () => expectChangesToArrive(overPostgres))

  const redisUrl = inject('redisUrl')
  it.skipIf(redisUrl === null)('over Redis', () =>
    expectChangesToArrive(() => createRedisBus({ url: redisUrl ?? '', namespace: database.url })),
  )
})

it('a rollout is started at api and stands still until there is a worker', async () => {
  const api = await startRole('api')
  await startRole('stream')
  const { id } = await api.admin.createRollout(SAMPLE.project, {
    flag: 'new-pdf-engine',
    environment: SAMPLE.environment,
    variant: 'on',
    unit: 'account',
    stages: [
      { percent: 5, hold: 'PT0S' },
      { percent: 100, hold: 'PT1H' },
    ],
  })
  await api.admin.actOnRollout(SAMPLE.project, id, { action: 'start' })
  const stage = async () => (await api.admin.getRollout(SAMPLE.project, id)).state
  expect(await stage()).toMatchObject({ status: 'running', stage: 0 })
  await startRole('worker')
  await expect.poll(stage, { timeout: 10_000 }).toMatchObject({ status: 'running', stage: 1 })
})

it('without the database stream is as ready as before, api and worker are not', async () => {
  const network = await startFreezingProxy(database.url)
  ends.push(network.close)
  const nodes = [
    await startRole('api', overPostgres, network.url),
    await startRole('stream', overPostgres, network.url),
    await startRole('worker', overPostgres, network.url),
  ]
  const ready = () => Promise.all(nodes.map(async ({ url }) => (await fetch(`${url}/readyz`)).status))
  expect(await ready()).toEqual([200, 200, 200])
  network.cut()
  await expect.poll(ready, { timeout: 10_000 }).toEqual([503, 200, 503])
  network.thaw()
  await expect.poll(ready, { timeout: 10_000 }).toEqual([200, 200, 200])
})
