import { createClient, type DimmerClient } from '@dimmer/node'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { openGuard } from '../../../tooling/services/guard.mjs'
import { startRedis } from '../../../tooling/services/redis.mjs'
import { createMemoryBus } from '../src/adapters/memory-bus.ts'
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

interface TwoNodes {
  readonly writer: TestServer
  /** An SDK that is connected to the other node. */
  readonly client: DimmerClient
  /** The id of its key. */
  readonly keyId: string
}

/** Two nodes on one database, each with a bus of its own. */
async function startTwo(openBus: () => Bus): Promise<TwoNodes> {
  const start = async () => {
    const bus = openBus()
    ends.push(() => bus.close())
    const node = await startTestServer({ databaseUrl: database.url, bus })
    ends.push(() => node.stop())
    return node
  }
  const [writer, reader] = [await start(), await start()]
  const made = await writer.admin.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'server', name: 'two' })
  const client = createClient({ url: reader.url, sdkKey: made.key, log: () => undefined })
  ends.push(() => client.close())
  expect(await client.ready()).toMatchObject({ state: 'live' })
  return { writer, client, keyId: made.id }
}

/** Switches a flag on one node and waits until the SDK on the other has it. Gives how long that took, in ms. */
async function passOn({ writer, client }: TwoNodes, on: boolean): Promise<number> {
  const started = performance.now()
  const { version } = await writer.admin.switchFlag(at('maintenance-mode'), on)
  await expect.poll(() => client.status().version, { interval: 5, timeout: 5_000 }).toBe(version)
  expect(client.isEnabled('maintenance-mode', {})).toBe(on)
  return performance.now() - started
}

async function passOnFive(nodes: TwoNodes): Promise<number> {
  let took = 0
  for (const on of [true, false, true, false, true]) took += await passOn(nodes, on)
  return took
}

describe('without a common bus', () => {
  it('a change reaches the SDKs of another node by the comparison of versions', async () => {
    const nodes = await startTwo(createMemoryBus)
    expect(await passOn(nodes, true)).toBeLessThan(2_500)
  })

  it('a key that is revoked loses its streams on another node too', async () => {
    const { writer, client, keyId } = await startTwo(createMemoryBus)
    await writer.admin.revokeSdkKey(SAMPLE.project, SAMPLE.environment, keyId)
    await expect.poll(() => client.status().state, { timeout: 6_000 }).toBe('offline')
  })
})

describe('over a bus, a change reaches the SDKs of another node at once', () => {
  // One after the other: by the comparison of versions, once a second, five would take about five seconds.
  const AT_ONCE_MS = 2_000

  it('over PostgreSQL', async () => {
    const nodes = await startTwo(() => createPostgresBus({ connection: { connectionString: database.url } }))
    expect(await passOnFive(nodes)).toBeLessThan(AT_ONCE_MS)
  })

  it.skipIf(inject('redisUrl') === null)(
    'over Redis; killed, by the comparison of versions; back, at once',
    async () => {
      // A server of its own, because it is killed.
      const guard = openGuard()
      ends.push(guard.close)
      const redis = await startRedis(guard)
      const buses: Bus[] = []
      const nodes = await startTwo(() => {
        const bus = createRedisBus({ url: redis.url, report: () => undefined })
        buses.push(bus)
        return bus
      })
      expect(await passOnFive(nodes)).toBeLessThan(AT_ONCE_MS)

      await redis.kill()
      for (const on of [false, true]) expect(await passOn(nodes, on)).toBeLessThan(2_500)

      await redis.start()
      await expect.poll(() => buses.map(bus => bus.health()), { timeout: 10_000 }).toEqual(['up', 'up'])
      expect(await passOnFive(nodes)).toBeLessThan(AT_ONCE_MS)
    },
  )
})
