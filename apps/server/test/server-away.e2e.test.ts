import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type DimmerClient } from '@dimmer/node'
import { createAdminClient } from '@dimmer/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../src/adapters/embedded-postgres/endpoint.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { at, SAMPLE } from './test-server.ts'

const FREE_IN_BRITAIN = { accountId: 'acc-00009', plan: 'free', country: 'GB' }

let settings: Record<string, string>
let server: ServerProcess
let sdkKey: string
const clients: DimmerClient[] = []
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-away-'))
  settings = { DIMMER_DATA: folder, PORT: String(await freePort()) }
  server = await startServerProcess(settings)
  const admin = createAdminClient({ url: server.url })
  sdkKey = (await admin.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'server', name: 'away' })).key
})
afterAll(async () => {
  await Promise.all(clients.map(client => client.close()))
  await server.end('SIGTERM')
  await rm(settings.DIMMER_DATA ?? '', { recursive: true, force: true })
})

function connect(): DimmerClient {
  const client = createClient({ url: server.url, sdkKey, flushIntervalMs: 500, log: () => undefined })
  clients.push(client)
  return client
}

it('a server that is killed and comes back: last good values, fallbacks for who starts meanwhile, then all are live', async () => {
  const client = connect()
  expect(await client.ready()).toMatchObject({ state: 'live' })
  expect(client.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(true)

  await server.end('SIGKILL')
  await expect.poll(() => client.status().state, { timeout: 5_000 }).toBe('stale')
  expect(client.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(true)
  expect(client.details('ai-chatbot', FREE_IN_BRITAIN, false).errorCode).toBeUndefined()
  client.track('while.away', FREE_IN_BRITAIN)
  await client.flush()
  expect(client.status().waitingEvents).toBeGreaterThan(0)

  const late = connect()
  const ready = await late.ready({ timeoutMs: 300 })
  expect(ready).toMatchObject({ state: 'offline', version: undefined, source: 'none' })
  expect(ready.error).toMatch(/ECONNREFUSED/)
  expect(late.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(false)
  expect(late.details('ai-chatbot', FREE_IN_BRITAIN, true)).toMatchObject({ value: true, errorCode: 'not-ready' })

  server = await startServerProcess(settings)
  const states = () => [client.status().state, late.status().state]
  await expect.poll(states, { timeout: 20_000 }).toEqual(['live', 'live'])
  expect(late.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(true)

  const admin = createAdminClient({ url: server.url })
  const killed = await admin.kill(at('ai-chatbot'), 5_000)
  expect(killed.receipts).toMatchObject({ instances: 2, confirmed: 2, late: [] })
  expect(client.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(false)
  expect(late.isEnabled('ai-chatbot', FREE_IN_BRITAIN)).toBe(false)
  await expect.poll(() => client.status().waitingEvents, { timeout: 10_000 }).toBe(0)
})
