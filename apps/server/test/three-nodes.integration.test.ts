import { createClient, type DimmerClient } from '@dimmer/node'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { createPostgresBus } from '../src/adapters/postgres-bus.ts'
import { createRedisBus } from '../src/adapters/redis-bus.ts'
import type { Bus } from '../src/ports/bus.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

let database: TestDatabase
const ends: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(() => database.drop())

const NAMES = ['api-0', 'api-1', 'api-2', 'job-0', 'job-1', 'job-2']

interface Fleet {
  readonly nodes: readonly TestServer[]
  readonly clients: ReadonlyMap<string, DimmerClient>
  readonly key: string
}

/** Three nodes on one database, and two SDKs at each. */
async function startThree(openBus: () => Bus): Promise<Fleet> {
  const nodes: TestServer[] = []
  for (let index = 0; index < 3; index++) {
    const bus = openBus()
    ends.push(() => bus.close())
    const node = await startTestServer({ databaseUrl: database.url, bus })
    ends.push(() => node.stop())
    nodes.push(node)
  }
  const key = (await nodes[0]?.newKey()) ?? ''
  const clients = new Map<string, DimmerClient>()
  for (const [index, instanceId] of NAMES.entries()) {
    const client = createClient({
      url: nodes[index % 3]?.url ?? '',
      sdkKey: key,
      instanceId,
      log: () => undefined,
    })
    ends.push(() => client.close())
    expect(await client.ready()).toMatchObject({ state: 'live' })
    clients.set(instanceId, client)
  }
  return { nodes, clients, key }
}

/** All nodes agree on who there is, and who runs what. */
const known = ({ nodes }: Fleet) =>
  Promise.all(
    nodes.map(async ({ admin }) =>
      (await admin.listInstances(SAMPLE.project, SAMPLE.environment))
        .filter(({ connected }) => connected)
        .map(({ instanceId }) => instanceId)
        .sort(),
    ),
  )

async function expectReceiptsOverAllNodes(openBus: () => Bus): Promise<void> {
  const fleet = await startThree(openBus)
  await expect.poll(() => known(fleet), { timeout: 5_000 }).toEqual([NAMES, NAMES, NAMES])

  for (const [index, { url, admin }] of fleet.nodes.entries()) {
    await admin.switchFlag(at('bulk-invoice-api'), true)
    const address = `/api/v1/projects/${SAMPLE.project}/flags/bulk-invoice-api/environments/${SAMPLE.environment}/kill`
    const killed = await fetch(`${url}${address}?wait=5s`, { method: 'POST' })
    expect(await killed.json(), `asked of node ${index}`).toMatchObject({
      receipts: { nodes: 3, instances: 6, confirmed: 6, late: [], vanished: [], slowest: expect.any(String) },
    })
  }

  // One that only polls is there as well, by the version that it says it has.
  const headers = { authorization: `Bearer ${fleet.key}`, 'x-dimmer-instance': 'lambda', 'x-dimmer-sdk': 'own/1' }
  const poll = (etag: string) =>
    fetch(`${fleet.nodes[1]?.url}/sdk/v1/ruleset`, { headers: { ...headers, 'if-none-match': etag } })
  await poll('')
  await fleet.clients.get('job-2')?.close()
  const summary = async (version: number) => fleet.nodes[0]?.admin.receipts(SAMPLE.project, SAMPLE.environment, version)
  const { version } = (await fleet.nodes[2]?.admin.switchFlag(at('maintenance-mode'), false)) ?? { version: 0 }
  await expect
    .poll(() => summary(version), { timeout: 5_000 })
    .toMatchObject({ instances: 6, confirmed: 5, late: ['lambda'] })
  await poll(`"${version}"`)
  await expect.poll(() => summary(version), { timeout: 5_000 }).toMatchObject({ instances: 6, confirmed: 6, late: [] })
}

describe('a kill, asked of any node, counts the instances of all', () => {
  it('over PostgreSQL', () =>
    expectReceiptsOverAllNodes(() => createPostgresBus({ connection: { connectionString: database.url } })))

  const redisUrl = inject('redisUrl')
  it.skipIf(redisUrl === null)('over Redis', () =>
    expectReceiptsOverAllNodes(() => createRedisBus({ url: redisUrl ?? '', namespace: database.url })),
  )
})
