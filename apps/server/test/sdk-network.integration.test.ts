import { type ClientOptions, createClient, type DimmerClient, type SourceState } from '@dimmer/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCollectingProxy } from './collecting-proxy.ts'
import { startFreezingProxy } from './freezing-proxy.ts'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const HEARTBEAT_MS = 200
const HOUR_MS = 3_600_000
const WITH_IT = { accountId: 'acc-00001' }

let jump = 0
let server: TestServer
let key: string
const ends: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  const clock = { now: () => Date.now() + jump, steady: () => performance.now() }
  server = await startTestServer({ heartbeatMs: HEARTBEAT_MS, clock })
  key = await server.newKey()
})
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  await server.stop()
})

interface Watched {
  readonly client: DimmerClient
  /** The states that it went through. */
  readonly states: SourceState[]
  /** The versions that it took, in their order. */
  readonly versions: number[]
}

/** An SDK behind a network that it finds out about quickly. */
function connect(url: string, options: Partial<ClientOptions> = {}): Watched {
  const client = createClient({
    url,
    sdkKey: key,
    connectTimeoutMs: 400,
    pollIntervalMs: 200,
    log: () => undefined,
    ...options,
  })
  ends.push(() => client.close())
  const [states, versions]: [SourceState[], number[]] = [[client.status().state], []]
  client.on('state', ({ state }) => states.push(state))
  client.on('change', ({ version }) => versions.push(version))
  return { client, states, versions }
}

const switchMaintenance = async (on: boolean) => (await server.admin.switchFlag(at('maintenance-mode'), on)).version
const stateOf = ({ client }: Watched) => client.status().state
const versionOf = ({ client }: Watched) => client.status().version

it('a connection that swallows everything is noticed by the heartbeats that are missing; what was missed comes after it', async () => {
  const network = await startFreezingProxy(server.url)
  ends.push(network.close)
  const sdk = connect(network.url)
  await expect.poll(() => stateOf(sdk)).toBe('live')
  const before = versionOf(sdk)

  network.freeze()
  await expect.poll(() => stateOf(sdk), { timeout: 5_000 }).toBe('stale')
  const missed = [await switchMaintenance(true), await switchMaintenance(false)]
  expect(sdk.client.isEnabled('bulk-invoice-api', WITH_IT)).toBe(true)
  expect(sdk.client.status()).toMatchObject({ state: 'stale', version: before })
  expect(sdk.client.status().ageMs).toBeGreaterThanOrEqual(HEARTBEAT_MS)

  network.thaw()
  await expect.poll(() => stateOf(sdk), { timeout: 15_000 }).toBe('live')
  expect(versionOf(sdk)).toBe(missed.at(-1))
  expect(sdk.client.isEnabled('maintenance-mode', {})).toBe(false)
})

it('behind a proxy that collects answers it is never live, and changes arrive by polls', async () => {
  const proxy = await startCollectingProxy(server.url)
  ends.push(proxy.close)
  const sdk = connect(proxy.url)
  await expect.poll(() => stateOf(sdk)).toBe('polling')
  for (const on of [true, false, true]) {
    const version = await switchMaintenance(on)
    await expect.poll(() => versionOf(sdk), { timeout: 5_000 }).toBe(version)
    expect(sdk.client.isEnabled('maintenance-mode', {})).toBe(on)
  }
  expect(sdk.states).not.toContain('live')
})

it('behind a proxy that passes on the beginning and holds back the rest, changes arrive, and a silence is no "live"', async () => {
  const { body } = await fetch(`${server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${key}` } })
  let size = 0
  for await (const chunk of body ?? []) size += chunk.length
  const proxy = await startCollectingProxy(server.url, size)
  ends.push(proxy.close)
  const sdk = connect(proxy.url)
  await expect.poll(() => sdk.states).toContain('live')
  await expect.poll(() => stateOf(sdk), { timeout: 5_000 }).not.toBe('live')
  const version = await switchMaintenance(false)
  await expect.poll(() => versionOf(sdk), { timeout: 5_000 }).toBe(version)
})

it.each([-5, 5])(
  'a clock that is set by %i hours, on the server or in the application, breaks nothing',
  async hours => {
    let own = 0
    const sdk = connect(server.url, { now: () => Date.now() + own, instanceId: `clock-${hours}` })
    await expect.poll(() => stateOf(sdk)).toBe('live')
    const states = sdk.states.length
    const kill = async () => {
      await server.admin.switchFlag(at('ai-chatbot'), true)
      const { receipts, version } = await server.admin.kill(at('ai-chatbot'), 5_000)
      expect(receipts).toMatchObject({ version, late: [] })
      expect(receipts.slowestMs).toBeLessThan(HOUR_MS)
      expect(sdk.versions.at(-1)).toBe(version)
    }
    await kill()
    jump = hours * HOUR_MS
    await kill()
    own = -hours * HOUR_MS
    await kill()
    sdk.client.track('after the jump', WITH_IT)
    await sdk.client.flush()
    // Through several heartbeats.
    const { version } = await server.admin.switchFlag(at('ai-chatbot'), true)
    await expect.poll(() => sdk.client.status()).toMatchObject({ state: 'live', version, waitingEvents: 0 })
    expect(sdk.client.status().ageMs).toBeLessThan(10 * HEARTBEAT_MS)
    const late = connect(server.url, { now: () => Date.now() + own })
    await expect.poll(() => stateOf(late)).toBe('live')
    const instances = await server.admin.listInstances(SAMPLE.project, SAMPLE.environment)
    expect(instances.find(({ instanceId }) => instanceId === `clock-${hours}`)).toMatchObject({
      state: 'live',
      version,
    })
    expect(sdk.states.slice(states)).toEqual([])
    expect(sdk.versions).toEqual(sdk.versions.map((_, index) => (sdk.versions[0] ?? 0) + index))
    jump = 0
  },
)
