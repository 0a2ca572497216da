import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const list = () => server.admin.listConnections(SAMPLE.project, SAMPLE.environment)
const create = (parts: Parameters<TestServer['admin']['createConnection']>[2]) =>
  server.admin.createConnection(SAMPLE.project, SAMPLE.environment, parts)

it('draws a secret for a support desk, shows it once, and keeps it sealed', async () => {
  const made = await create({ key: 'help', kind: 'tickets', name: 'Help desk' })
  expect(made.secret).toMatch(/^[\w-]{32}$/)
  expect(made.address).toMatch(/^\/hooks\/v1\/tickets\/[\w-]{36}$/)
  expect(JSON.stringify(await list())).not.toContain(made.secret)
  const { rows } = await sql<{ secret: Buffer }>`select secret from connections where key = 'help'`.execute(server.db)
  expect(rows[0]?.secret.toString('latin1')).not.toContain(made.secret)
})

it('writes who made and ended a connection into the journal, without the secret', async () => {
  await create({ key: 'mix', kind: 'mixpanel', name: 'Mixpanel', settings: {}, secret: 'token-1234567' })
  await server.admin.deleteConnection(SAMPLE.project, SAMPLE.environment, 'mix')
  const { rows } = await sql<{ body: string; details: string }>`
    select body, details from journal where body like '%"mix"%' order by seq`.execute(server.db)
  expect(rows.map(({ body }) => JSON.parse(body).verb)).toEqual(['create', 'delete'])
  expect(JSON.stringify(rows)).toContain('https://api.mixpanel.com')
  expect(JSON.stringify(rows)).not.toContain('token-1234567')
})

it.each([
  ['no secret where one is needed', { key: 'a', kind: 'zendesk', name: 'Z' }, 'invalid-request'],
  ['an unknown kind', { key: 'a', kind: 'pigeons', name: 'Z' }, 'invalid-request'],
  [
    'an address that is none',
    { key: 'a', kind: 'prometheus', name: 'P', settings: { url: 'file:///etc/passwd' } },
    'invalid-request',
  ],
  [
    'a password in the address',
    { key: 'a', kind: 'prometheus', name: 'P', settings: { url: 'http://me:pass@host' } },
    'invalid-request',
  ],
  ['a key that is taken', { key: 'help', kind: 'tickets', name: 'Again' }, 'already-exists'],
] as const)('refuses %s', async (_, parts, code) => {
  const before = await list()
  const answer = await fetch(`${server.url}/api/v1/projects/invoicing/environments/production/connections`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parts),
  })
  expect(await answer.json()).toMatchObject({ error: { code } })
  expect(await list()).toEqual(before)
})

it('has one Prometheus for each environment', async () => {
  await create({ key: 'prom', kind: 'prometheus', name: 'P', settings: { url: 'https://prometheus.example.com' } })
  await expect(
    create({ key: 'prom-2', kind: 'prometheus', name: 'P', settings: { url: 'https://other.example.com' } }),
  ).rejects.toMatchObject({ code: 'already-exists', message: expect.stringContaining('Prometheus') })
})

it('says which setting is missing where secrets cannot be kept', async () => {
  const keyless = await startTestServer({ sealer: { with: undefined } })
  await expect(
    keyless.admin.createConnection(SAMPLE.project, SAMPLE.environment, { key: 'help', kind: 'tickets', name: 'Help' }),
  ).rejects.toMatchObject({ code: 'not-configured', message: expect.stringContaining('DIMMER_SECRET_KEY') })
  await keyless.stop()
})
