import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Context, createClient, type DimmerClient, signContext } from '@dimmer/node'
import { type AdminClient, createAdminClient, type SdkKeyKind } from '@dimmer/protocol'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../src/adapters/embedded-postgres/endpoint.ts'
import { openDatabase } from '../src/adapters/postgres-database.ts'
import { openStream, streamAddress } from './open-stream.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { at, SAMPLE } from './test-server.ts'

const FREE_IN_BRITAIN = { accountId: 'acc-00009', plan: 'free', country: 'GB' }

let folder: string
let database: TestDatabase
let settings: Record<string, string>
let server: ServerProcess
let near: ServerProcess
let far: ServerProcess
let farSettings: Record<string, string>
let admin: AdminClient
let edgeKey: string
const clients: DimmerClient[] = []

const edgeOf = (upstream: string, data: string) => ({
  DIMMER_ROLE: 'edge',
  DIMMER_UPSTREAM: upstream,
  DIMMER_EDGE_KEY: edgeKey,
  DIMMER_DATA: join(folder, data),
})

async function countEvents(name: string): Promise<number> {
  const opened = openDatabase({ connectionString: database.url })
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from events join event_names on id = kind where name = ${name}`.execute(opened.db)
  await opened.close()
  return rows[0]?.n ?? 0
}

const newKey = (kind: SdkKeyKind = 'server', environment: string = SAMPLE.environment) =>
  admin.createSdkKey(SAMPLE.project, environment, { kind, name: randomUUID() })

const post = (path: string, key: string, body: unknown) =>
  fetch(far.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function connect(url: string, key: string, instanceId: string): Promise<DimmerClient> {
  const client = createClient({ url, sdkKey: key, instanceId, flushIntervalMs: 300, log: () => undefined })
  clients.push(client)
  await client.ready({ timeoutMs: 10_000 })
  return client
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-edge-'))
  database = await createTestDatabase()
  const DIMMER_SECRET_KEY = 'a secret of this test, of no use elsewhere'
  settings = { DATABASE_URL: database.url, DIMMER_SECRET_KEY, PORT: String(await freePort()) }
  server = await startServerProcess(settings)
  admin = createAdminClient({ url: server.url })
  edgeKey = (await newKey('edge')).key
  near = await startServerProcess(edgeOf(server.url, 'near'))
  farSettings = { ...edgeOf(near.url, 'far'), PORT: String(await freePort()) }
  far = await startServerProcess(farSettings)
})
afterAll(async () => {
  await Promise.all(clients.map(client => client.close()))
  for (const one of [far, near, server]) await one.end('SIGTERM')
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const seen = async () =>
  (await admin.listInstances(SAMPLE.project, SAMPLE.environment)).filter(({ connected }) => connected)

it('an edge behind an edge serves SDKs, and a kill counts those that hang on either', async () => {
  const behind = [await connect(near.url, edgeKey, 'at-near'), await connect(far.url, edgeKey, 'at-far')]
  expect(behind.map(client => client.status().state)).toEqual(['live', 'live'])
  expect(behind.map(client => client.isEnabled('ai-chatbot', FREE_IN_BRITAIN))).toEqual([true, true])
  await expect
    .poll(async () => (await seen()).map(({ sdk }) => sdk.split('/')[0]).sort(), { timeout: 10_000 })
    .toEqual(['edge', 'edge', 'node', 'node'])

  const killed = await admin.kill(at('ai-chatbot'), 5_000)
  expect(behind.map(client => client.isEnabled('ai-chatbot', FREE_IN_BRITAIN))).toEqual([false, false])
  expect(killed.receipts).toMatchObject({ instances: 4, confirmed: 4, late: [], vanished: [] })
  expect(await seen()).toContainEqual(
    expect.objectContaining({ instanceId: 'at-far', via: expect.stringMatching(/^edge-/), version: killed.version }),
  )
  await admin.switchFlag(at('ai-chatbot'), true)
})

it('accepts keys that its server says are good, of its environment only; a revoked one loses its stream', async () => {
  const made = await newKey()
  const client = await connect(far.url, made.key, 'other-key')
  expect(client.status().state).toBe('live')
  const ask = async (key: string, path = '/sdk/v1/ruleset') =>
    (await fetch(far.url + path, { headers: { authorization: `Bearer ${key}` } })).status
  expect(await ask((await newKey('server', 'development')).key)).toBe(401)
  expect(await ask((await newKey('browser')).key)).toBe(403)
  expect(await ask('dmr_server_nonsense')).toBe(401)
  expect(await ask(edgeKey, '/api/v1/projects')).toBe(404)

  await admin.revokeSdkKey(SAMPLE.project, SAMPLE.environment, made.id)
  await expect.poll(() => client.status().state, { timeout: 6_000 }).toBe('offline')
})

it('evaluates for OFREP clients and passes events on, once each; a page’s stream ends with its key', async () => {
  const { key, id } = await newKey('browser')
  const bulk = await post('/ofrep/v1/evaluate/flags', key, { context: FREE_IN_BRITAIN })
  expect(bulk.status).toBe(200)
  const { eventStreams } = await bulk.json()
  const address = far.url + eventStreams[0].endpoint.requestUri
  const listening = await fetch(address)
  expect([listening.status, address.includes(key)]).toEqual([200, false])
  const ended = listening.text()
  const tracks = [{ name: 'edge.track', at: Date.now(), units: { account: 'acc-1' } }]
  const batch = { batchId: randomUUID(), sentAt: Date.now(), tracks }
  for (let turn = 0; turn < 3; turn++) expect((await post('/sdk/v1/events', key, batch)).status).toBe(202)
  await expect.poll(() => countEvents('edge.track'), { timeout: 10_000 }).toBe(1)
  await admin.revokeSdkKey(SAMPLE.project, SAMPLE.environment, id)
  await ended
  expect((await fetch(address)).status).toBe(401)
})

it('believes what was signed and nothing else, with and without its server', async () => {
  const { secret } = await admin.createSigningSecret(SAMPLE.project, SAMPLE.environment, { name: 'edges' })
  await admin.putContextSigning(SAMPLE.project, SAMPLE.environment, { attributes: ['accountId'] })
  const { key } = await newKey('browser')
  const ask = async (context: Context) => {
    const answer = await (await post('/ofrep/v1/evaluate/flags/ai-chatbot', key, { context })).json()
    return answer.value ?? answer.error.code
  }
  const signed = signContext(FREE_IN_BRITAIN, secret)
  const asked = [
    signed,
    FREE_IN_BRITAIN,
    { ...signed, accountId: 'acc-1' },
    signContext(FREE_IN_BRITAIN, `dmr_sign_${'x'.repeat(43)}`),
  ]
  const said = [true, 'signature-required', 'signature-invalid', 'signature-invalid']
  expect(await Promise.all(asked.map(ask))).toEqual(said)

  const track = { name: 'edge.signed', at: Date.now(), units: { account: FREE_IN_BRITAIN.accountId } }
  const tracks = [track, { ...track, signedContext: signed.signedContext }]
  await server.end('SIGKILL')
  expect(await Promise.all(asked.map(ask))).toEqual(said)
  const answer = await post('/sdk/v1/events', key, { batchId: randomUUID(), sentAt: Date.now(), tracks })
  expect(await answer.json()).toMatchObject({ accepted: true, refused: { count: 1, details: [{ path: 'tracks.0' }] } })
  server = await startServerProcess(settings)
  await expect.poll(() => countEvents('edge.signed'), { timeout: 15_000 }).toBe(1)
})

it('with the server gone: SDKs go on and say stale, newcomers start from disk; back again, all are live', async () => {
  const client = await connect(far.url, edgeKey, 'through-it-all')
  expect(client.status().state).toBe('live')
  const rule = { id: 'soon', from: new Date(Date.now() + 4_000).toISOString(), serve: { variant: 'on' } }
  const config = { on: false, offVariant: 'off', prerequisites: [], rules: [rule], fallthrough: { variant: 'off' } }
  await admin.createFlag(SAMPLE.project, { key: 'begins', type: 'boolean', config })
  const scheduled = await admin.switchFlag(at('begins'), true)
  await expect.poll(() => client.status().version, { timeout: 10_000 }).toBe(scheduled.version)
  const page = await openStream(far.url + (await streamAddress(far.url, (await newKey('browser')).key)))
  await server.end('SIGKILL')
  await expect.poll(() => client.status().state, { timeout: 15_000 }).toBe('stale')
  expect(page.text).toContain('data: {"type":"state","cutOff":true}')
  // A rule begins when it is time, server or no server, and the pages hear of it.
  const begun = `data: {"type":"refetchEvaluation","version":${scheduled.version},"again":true}`
  await expect.poll(() => page.text, { timeout: 10_000 }).toContain(begun)
  expect(client.isEnabled('begins', {})).toBe(true)
  page.stop()
  expect(client.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(true)
  client.track('while.away', FREE_IN_BRITAIN)
  await client.flush()

  await far.end('SIGKILL')
  far = await startServerProcess(farSettings)
  const late = await connect(far.url, edgeKey, 'late')
  expect(late.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(true)
  await expect
    .poll(() => [client, late].map(one => one.status().state), { timeout: 15_000 })
    .toEqual(['stale', 'stale'])

  server = await startServerProcess(settings)
  await expect.poll(() => [client, late].map(one => one.status().state), { timeout: 40_000 }).toEqual(['live', 'live'])
  const { version } = await admin.switchFlag(at('ai-chatbot'), false)
  await expect
    .poll(() => [client, late].map(one => one.status().version), { timeout: 10_000 })
    .toEqual([version, version])
  expect(late.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(false)
})
