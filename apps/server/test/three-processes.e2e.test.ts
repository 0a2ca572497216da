import { createClient, type DimmerClient } from '@dimmer/node'
import { AdminApiError, createAdminClient } from '@dimmer/protocol'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openGuard } from '../../../tooling/services/guard.mjs'
import { startRedis } from '../../../tooling/services/redis.mjs'
import { freePort } from '../src/adapters/embedded-postgres/endpoint.ts'
import { type FreezingProxy, startFreezingProxy } from './freezing-proxy.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { createTestDatabase } from './test-database.ts'
import { at, SAMPLE } from './test-server.ts'

const WITH_IT = { accountId: 'acc-00001' }

/** A server process, and an SDK that is connected to it. */
class Node {
  readonly #settings: Record<string, string>
  readonly client: DimmerClient
  /** The versions that the SDK took, in this order, with the value of a flag in each. */
  readonly seen: { readonly version: number; readonly on: boolean }[] = []
  process: ServerProcess

  constructor(settings: Record<string, string>, process: ServerProcess, sdkKey: string) {
    this.#settings = settings
    this.process = process
    this.client = createClient({
      url: process.url,
      sdkKey,
      connectTimeoutMs: 1_000,
      log: () => undefined,
    })
    this.client.on('change', ({ version }) => {
      this.seen.push({ version, on: this.client.isEnabled('maintenance-mode', {}) })
    })
  }

  async switch(on: boolean): Promise<number> {
    return (await createAdminClient({ url: this.process.url }).switchFlag(at('maintenance-mode'), on)).version
  }

  async restart(): Promise<void> {
    this.process = await startServerProcess(this.#settings)
  }

  get state(): string {
    return this.client.status().state
  }

  get version(): number | undefined {
    return this.client.status().version
  }
}

const ends: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The first reaches database and Redis through networks that can break. */
describe.skipIf(inject('redisUrl') === null)('three nodes, an SDK at each', () => {
  let nodes: [Node, Node, Node]
  let toDatabase: FreezingProxy
  let toRedis: FreezingProxy

  beforeAll(async () => {
    const database = await createTestDatabase()
    ends.push(() => database.drop())
    const guard = openGuard()
    ends.push(guard.close)
    const redis = await startRedis(guard)
    toDatabase = await startFreezingProxy(database.url)
    toRedis = await startFreezingProxy(redis.url)
    ends.push(toDatabase.close, toRedis.close)
    let sdkKey = ''
    const start = async (databaseUrl: string, redisUrl: string): Promise<Node> => {
      const port = String(await freePort())
      const settings = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, PORT: port }
      const process = await startServerProcess(settings)
      const admin = createAdminClient({ url: process.url })
      const keyOf = { kind: 'server', name: 'of all three' } as const
      sdkKey ||= (await admin.createSdkKey(SAMPLE.project, SAMPLE.environment, keyOf)).key
      const node = new Node(settings, process, sdkKey)
      ends.push(
        () => node.process.end('SIGTERM'),
        () => node.client.close(),
      )
      expect(await node.client.ready({ timeoutMs: 10_000 })).toMatchObject({ state: 'live' })
      return node
    }
    const direct = () => start(database.url, redis.url)
    nodes = [await start(toDatabase.url, toRedis.url), await direct(), await direct()]
  })

  const allHave = (version: number | undefined) =>
    expect.poll(() => nodes.map(node => node.version), { timeout: 10_000 }).toEqual([version, version, version])

  /** Who still polls has the newest version, and may pass over some. */
  const allLive = () =>
    expect.poll(() => nodes.map(({ state }) => state), { timeout: 30_000 }).toEqual(['live', 'live', 'live'])

  /** Each version once and in its order, from the first on that it saw. */
  const expectSequence = ({ seen }: Node) => {
    const first = seen[0]?.version ?? 0
    expect(seen.map(({ version }) => version)).toEqual(seen.map((_, index) => first + index))
  }

  it('without Redis one hears of changes by comparing, and is live; without both it says so, and has missed nothing after', async () => {
    const [cut, writer] = nodes
    await allHave(await writer.switch(true))
    toRedis.cut()
    await allHave(await writer.switch(false))
    expect(nodes.map(({ state }) => state)).toEqual(['live', 'live', 'live'])

    toDatabase.cut()
    const missed: number[] = []
    for (const on of [true, false, true]) missed.push(await writer.switch(on))
    await expect.poll(() => cut.state, { timeout: 15_000 }).toBe('stale')
    expect(cut.client.isEnabled('bulk-invoice-api', WITH_IT)).toBe(true)
    expect(nodes.map(({ state }) => state)).toEqual(['stale', 'live', 'live'])
    expect(nodes.slice(1).map(({ version }) => version)).toEqual([missed.at(-1), missed.at(-1)])
    const refused = await cut.switch(false).catch((error: unknown) => error)
    expect(refused instanceof AdminApiError && refused.code).toBe('unavailable')

    toDatabase.thaw()
    toRedis.thaw()
    await allHave(missed.at(-1))
    await allLive()
    expect(cut.client.isEnabled('maintenance-mode', {})).toBe(true)
    nodes.forEach(expectSequence)
  })

  it('a change that its node answered and never passed on, because it died, reaches the SDKs of the others', async () => {
    const [dies, ...others] = nodes
    toRedis.freeze()
    const version = await dies.switch(false)
    await dies.process.end('SIGKILL')
    await expect.poll(() => others.map(node => node.version), { timeout: 5_000 }).toEqual([version, version])
    expect(others.map(({ client }) => client.isEnabled('maintenance-mode', {}))).toEqual([false, false])
    toRedis.thaw()
    await dies.restart()
    await allHave(version)
    await allLive()
    nodes.forEach(expectSequence)
  })

  it('killed in the middle of its changes, nobody misses one or takes one twice, and a return to an earlier content arrives', async () => {
    const [, dies] = nodes
    const answered: number[] = []
    const writing = (async () => {
      for (let turn = 0; ; turn++) answered.push(await dies.switch(turn % 2 === 0))
    })().catch(() => undefined)
    await expect.poll(() => answered.length, { timeout: 10_000, interval: 3 }).toBeGreaterThan(15)
    await dies.process.end('SIGKILL')
    await writing
    await dies.restart()
    const [first] = nodes
    const before = await first.switch(true)
    const last = await first.switch(false)
    // One more than was answered may have been committed.
    expect([1, 2]).toContain(before - (answered.at(-1) ?? 0))
    await allHave(last)
    for (const { client } of nodes) expect(client.isEnabled('maintenance-mode', {})).toBe(false)
    expectSequence(nodes[0])
    expectSequence(nodes[2])
    // Its own SDK was away for some, and got them as one.
    const own = dies.seen.map(({ version }) => version)
    expect(own).toEqual([...new Set(own)].toSorted((a, b) => a - b))
    expect(dies.seen.at(-1)).toEqual({ version: last, on: false })
  })
})
