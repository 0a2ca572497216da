import { afterEach, expect, it } from 'vitest'
import { ask } from './raw-http.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts'
import { PASSWORD, setUpAdmin, visit } from './visitors.ts'

const servers: TestServer[] = []
const start = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const server = await startTestServer(options)
  servers.push(server)
  return server
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

it('every answer, also a refusal, tells the browser to be strict', async () => {
  const server = await start()
  for (const path of ['/api/v1/projects', '/api/v1/session', '/nothing', '/sdk/v1/ruleset', '/healthz']) {
    const { headers } = await ask(server.url, { path })
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    })
    expect(headers['strict-transport-security']).toBeUndefined()
  }
})

it('behind TLS browsers are told to stay there', async () => {
  const server = await start({ access: { publicUrl: new URL('https://flags.example.com') } })
  const { headers } = await ask(server.url, { path: '/healthz' })
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
})

it('holds back a session that asks without end, and nobody else; SDKs never', { timeout: 60_000 }, async () => {
  const clock = { now: () => 1_800_000_000_000 }
  const server = await start({ clock, adminToken: 'a-long-enough-token' })
  const key = await server.newKey()
  await server.admin.setUp({ email: 'ada@example.com', name: 'Ada', password: PASSWORD })
  const ada = visit(server.url)
  await ada.client.signIn({ email: 'ada@example.com', password: PASSWORD })
  const { key: personal } = await ada.client.createPersonalKey({ name: 'loop' })
  const get = (path: string, bearer: string) =>
    ask(server.url, { path, headers: { authorization: `Bearer ${bearer}` } })
  let held = 0
  for (let n = 0; n < 605; n++) {
    const answer = await get('/api/v1/me/keys', personal)
    if (answer.status !== 429) continue
    held++
    expect(answer.headers['retry-after']).toBe('1')
  }
  expect(held).toBe(5)
  expect((await get('/api/v1/projects', 'a-long-enough-token')).status).toBe(200)
  for (let n = 0; n < 700; n++) expect((await get('/sdk/v1/ruleset', key)).status).toBe(200)
})

it('holds back an address that tries keys, and nobody who has a good one and comes from there', async () => {
  const clock = { now: () => 1_800_000_000_000 }
  const server = await start({ clock })
  const key = await server.newKey()
  const ada = await setUpAdmin(server)
  const statuses: number[] = []
  for (let n = 0; n < 122; n++) {
    const headers = { authorization: `Bearer dmr_personal_${n}` }
    statuses.push((await ask(server.url, { path: '/api/v1/projects', headers })).status)
  }
  expect([statuses.filter(one => one === 401).length, statuses.filter(one => one === 429).length]).toEqual([120, 2])
  for (let n = 0; n < 130; n++) {
    const headers = { authorization: `Bearer dmr_server_${n}` }
    expect((await ask(server.url, { path: '/sdk/v1/ruleset', headers })).status).toBe(401)
  }
  for (const path of ['/sdk/v1/ruleset', '/sdk/v1/context-signing']) {
    expect((await ask(server.url, { path, headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
  }
  expect(await ada.client.listProjects()).not.toEqual([])
})
