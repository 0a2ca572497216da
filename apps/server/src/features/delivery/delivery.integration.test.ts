import { createClient, type DimmerClient } from '@dimmer/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenStream, openStream, streamAddress } from '../../../test/open-stream.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
let sdkKey: string
const clients: DimmerClient[] = []
beforeAll(async () => {
  server = await startTestServer()
  sdkKey = await server.newKey()
})
afterAll(async () => {
  await Promise.all(clients.map(client => client.close()))
  await server.stop()
})

async function connect(options: { url?: string; instanceId?: string; key?: string } = {}): Promise<DimmerClient> {
  const { url = server.url, key = sdkKey, instanceId } = options
  const client = createClient({ url, sdkKey: key, log: () => undefined, ...(instanceId ? { instanceId } : {}) })
  clients.push(client)
  await client.ready({ timeoutMs: 5_000 })
  return client
}

const ruleset = (key = sdkKey, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${key}`, ...headers } })

describe('an SDK that is connected', () => {
  it('has the ruleset and the reasons of the engine', async () => {
    const client = await connect()
    expect(client.status()).toMatchObject({ state: 'live' })
    expect(client.isEnabled('bulk-invoice-api', { accountId: 'acc-00001' })).toBe(true)
    expect(client.isEnabled('bulk-invoice-api', { accountId: 'acc-00009' })).toBe(false)
    expect(client.isEnabled('ai-chatbot', { accountId: 'acc-00009', plan: 'free', country: 'GB' })).toBe(true)
    expect(client.isEnabled('maintenance-mode', {})).toBe(false)
  })

  it('takes a change, confirms it, and the kill says so', async () => {
    const client = await connect({ instanceId: 'api-killed' })
    await server.admin.switchFlag(at('bulk-invoice-api'), true)
    const killed = await server.admin.kill(at('bulk-invoice-api'), 5_000)
    expect(client.isEnabled('bulk-invoice-api', { accountId: 'acc-00001' })).toBe(false)
    expect(killed.receipts).toMatchObject({ version: killed.version, late: [] })
    expect(killed.receipts.confirmed).toBe(killed.receipts.instances)
    expect(killed.receipts.slowestMs).toBeGreaterThanOrEqual(0)
    const instances = await server.admin.listInstances(SAMPLE.project, SAMPLE.environment)
    expect(instances).toContainEqual(
      expect.objectContaining({ instanceId: 'api-killed', connected: true, version: killed.version }),
    )
    await server.admin.switchFlag(at('bulk-invoice-api'), true)
  })

  it('gets a return to former content too', async () => {
    const client = await connect()
    const seen: boolean[] = []
    client.on('change', () => seen.push(client.isEnabled('bulk-invoice-api', { accountId: 'acc-00001' })))
    for (const on of [false, true, false, true]) await server.admin.switchFlag(at('bulk-invoice-api'), on)
    await expect.poll(() => seen).toEqual([false, true, false, true])
  })

  it('loses its stream within a second of its key being revoked', async () => {
    const made = await server.admin.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'server', name: 'leaked' })
    const client = await connect({ key: made.key })
    await server.admin.revokeSdkKey(SAMPLE.project, SAMPLE.environment, made.id)
    await expect.poll(() => client.status().state, { timeout: 5_000 }).toBe('offline')
    expect(client.isEnabled('bulk-invoice-api', { accountId: 'acc-00001' })).toBe(true)
  })
})

it('a change in one environment is told there, and in no other', async () => {
  const streams = new Map<string, OpenStream[]>()
  const before = new Map<string, number>()
  for (const environment of ['production', 'development']) {
    before.set(environment, (await server.admin.switchFlag({ ...at('ai-chatbot'), environment }, true)).version)
    const page = await streamAddress(server.url, await server.newKey(environment, 'browser'))
    const authorization = `Bearer ${await server.newKey(environment)}`
    streams.set(environment, [
      await openStream(`${server.url}/sdk/v1/stream`, { authorization }),
      await openStream(server.url + page),
    ])
  }
  const versionsIn = (text: string) =>
    [...text.matchAll(/^event: patch\nid: (\d+)|"refetchEvaluation","version":(\d+)/gm)].map(([, id, version]) =>
      Number(id ?? version),
    )
  const told = (environment: string) =>
    (streams.get(environment) ?? [])
      .flatMap(({ text }) => versionsIn(text))
      .filter(version => version > (before.get(environment) ?? 0))
  const inDevelopment = { ...at('ai-chatbot'), environment: 'development' }
  const first = await server.admin.switchFlag(inDevelopment, false)
  const second = await server.admin.kill(inDevelopment, 0)
  const both = [first.version, second.version]
  await expect.poll(() => told('development').sort()).toEqual([...both, ...both].sort())
  // What comes after would come after what should not be there.
  const { version } = await server.admin.switchFlag(at('maintenance-mode'), false)
  await expect.poll(() => told('production')).toEqual([version, version])

  const { environments } = await server.admin.getFlag(SAMPLE.project, 'ai-chatbot')
  expect(environments.map(({ environment, on }) => [environment, on]).sort()).toEqual([
    ['development', false],
    ['production', true],
  ])
  expect(second.receipts.environment).toBe('development')
  expect(second.receipts.instances).toBe((await server.admin.listInstances(SAMPLE.project, 'development')).length)
  for (const stream of [...streams.values()].flat()) stream.stop()
})

describe('keys', () => {
  it('of another environment give that environment', async () => {
    const answer = await (await ruleset(await server.newKey('development'))).json()
    expect(answer.environment).toBe('development')
  })

  it('that are unknown or missing are refused', async () => {
    expect((await ruleset('dmr_server_nonsense')).status).toBe(401)
    expect((await fetch(`${server.url}/sdk/v1/ruleset`)).status).toBe(401)
  })

  it('for browsers give no rules', async () => {
    const response = await ruleset(await server.newKey('production', 'browser'))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } })
  })

  it('are stored as hashes only', async () => {
    const made = await server.admin.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'server', name: 'secret' })
    const listed = await server.admin.listSdkKeys(SAMPLE.project, SAMPLE.environment)
    expect(JSON.stringify(listed)).not.toContain(made.key)
    const { rows } = await server.db
      .withTables<{ sdk_keys: Record<string, unknown> }>()
      .selectFrom('sdk_keys')
      .selectAll()
      .execute()
      .then(all => ({ rows: all }))
    expect(JSON.stringify(rows)).not.toContain(made.key)
  })
})

it('a client that goes away while it connects leaves no instance behind', async () => {
  const { connect: dial } = await import('node:net')
  const { hostname, port } = new URL(server.url)
  const head = `GET /sdk/v1/stream HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${sdkKey}\r\nx-dimmer-instance: ghost\r\n\r\n`
  for (let turn = 0; turn < 40; turn++) {
    await new Promise<void>(resolve => {
      const socket = dial(Number(port), hostname, () => {
        socket.write(head, () => (turn % 2 === 0 ? socket.destroy() : setTimeout(() => socket.destroy(), 1)))
      })
      socket.on('close', () => resolve())
    })
  }
  const connected = async () =>
    (await server.admin.listInstances(SAMPLE.project, SAMPLE.environment)).filter(
      ({ instanceId, connected: on }) => instanceId === 'ghost' && on,
    )
  await expect.poll(connected).toEqual([])
})

it('answers 304 to an SDK that has the version already', async () => {
  const etag = (await ruleset()).headers.get('etag') ?? ''
  expect((await ruleset(sdkKey, { 'if-none-match': etag })).status).toBe(304)
})

describe('OFREP', () => {
  const evaluate = (context: unknown, headers: Record<string, string> = {}, path = '') =>
    fetch(`${server.url}/ofrep/v1/evaluate/flags${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sdkKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ context }),
    })

  it('gives values and never rules', async () => {
    const answer = await (await evaluate({ targetingKey: 'u-1', userId: 'u-1', accountId: 'acc-00001' })).json()
    const bulk = answer.flags.find(({ key }: { key: string }) => key === 'bulk-invoice-api')
    expect(bulk).toMatchObject({ value: true, variant: 'on', reason: 'TARGETING_MATCH' })
    expect(JSON.stringify(answer)).not.toContain('acc-00002')
  })

  it('tells a browser values only, and not which rule led to them', async () => {
    const authorization = `Bearer ${await server.newKey('production', 'browser')}`
    const answer = await (await evaluate({ accountId: 'acc-00001' }, { authorization }, '/bulk-invoice-api')).json()
    expect(answer).toMatchObject({ value: true, metadata: { flagVersion: expect.any(Number) } })
    expect(JSON.stringify(answer)).not.toContain('early-access')
  })

  it('has an ETag over version and context', async () => {
    const first = (await evaluate({ accountId: 'acc-00001', plan: 'free' })).headers.get('etag') ?? ''
    expect((await evaluate({ plan: 'free', accountId: 'acc-00001' }, { 'if-none-match': first })).status).toBe(304)
    expect((await evaluate({ accountId: 'acc-00002' }, { 'if-none-match': first })).status).toBe(200)
    await server.admin.switchFlag(at('ai-chatbot'), false)
    await server.admin.switchFlag(at('ai-chatbot'), true)
    expect((await evaluate({ accountId: 'acc-00001', plan: 'free' }, { 'if-none-match': first })).status).toBe(200)
  })

  it('answers for one flag, and says which flag is not there', async () => {
    expect(await (await evaluate({ accountId: 'acc-00001' }, {}, '/bulk-invoice-api')).json()).toMatchObject({
      key: 'bulk-invoice-api',
      value: true,
    })
    const missing = await evaluate({}, {}, '/nothing')
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({ key: 'nothing', errorCode: 'FLAG_NOT_FOUND' })
  })

  it('is open to pages of any site', async () => {
    const preflight = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, { method: 'OPTIONS' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect((await evaluate({})).headers.get('access-control-allow-origin')).toBe('*')
  })
})

it('a server on the same database takes the change of another within a second, without a common bus', async () => {
  const other = await startTestServer({ databaseUrl: server.databaseUrl })
  const client = await connect({ url: other.url })
  const { version } = await server.admin.switchFlag(at('maintenance-mode'), true)
  await expect.poll(() => client.status().version, { timeout: 5_000 }).toBe(version)
  expect(client.isEnabled('maintenance-mode', {})).toBe(true)
  await server.admin.switchFlag(at('maintenance-mode'), false)
  await other.stop()
})

it('tells the open dashboards of changes and of receipts', async () => {
  const { body, headers } = await fetch(`${server.url}${server.admin.livePath(SAMPLE.project)}`)
  expect(headers.get('content-type')).toContain('text/event-stream')
  const reader = body?.getReader()
  await connect()
  const { version } = await server.admin.switchFlag(at('maintenance-mode'), false)
  const wanted = [
    `data: {"type":"flag-changed","flag":"maintenance-mode","environment":"production","version":${version}}`,
    `data: {"type":"receipts","environment":"production","version":${version}}`,
  ]
  let told = ''
  for (let reads = 0; reads < 50 && !wanted.every(line => told.includes(line)); reads++) {
    const chunk = await reader?.read()
    told += Buffer.from(chunk?.value ?? []).toString()
  }
  await reader?.cancel()
  for (const line of wanted) expect(told).toContain(line)
})

it('explains an evaluation in words', async () => {
  const explanation = await server.admin.explain(SAMPLE.project, SAMPLE.environment, {
    flag: 'ai-chatbot',
    context: { accountId: 'acc-00009', plan: 'free', country: 'DE' },
  })
  expect(JSON.stringify(explanation)).toMatch(/DE/)
  expect(explanation).toMatchObject({ evaluation: { value: false } })
})
