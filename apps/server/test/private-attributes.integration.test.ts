import { createClient, type DimmerClient } from '@dimmer/node'
import { AdminApiError, rulesetSchema } from '@dimmer/protocol'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const SECRET = 'anna@north.example'
const PRIVATE = ['email', 'home.street']

let server: TestServer
const clients: DimmerClient[] = []
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  await server.stop()
})

/** The real SDK, and everything that it sends. */
async function connect(sdkKey: string) {
  const sent: string[] = []
  const client = createClient({
    url: server.url,
    sdkKey,
    log: () => undefined,
    fetch: (input, init) => {
      sent.push(`${String(input)} ${JSON.stringify(init?.headers)} ${String(init?.body)}`)
      return fetch(input, init)
    },
  })
  clients.push(client)
  await client.ready()
  return { client, sent }
}

const context = {
  userId: 'u-1',
  accountId: 'acc-1',
  email: SECRET,
  plan: 'pro',
  home: { street: SECRET, city: 'Rome' },
}
const declare = (paths: readonly string[] = PRIVATE) => server.admin.putPrivateAttributes(SAMPLE.project, paths)
const version = async () => (await server.admin.listProjects())[0]?.environments.find(({ key }) => key === 'production')

const stored = async () =>
  (
    await sql<{ unit: string; attributes: object }>`
      select unit, attributes from directory_units order by unit, unit_id`.execute(server.db)
  ).rows

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/csv' : 'application/json'
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    body: text,
    headers: { 'content-type': type, ...headers },
  })
  expect(answer.ok).toBe(true)
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof AdminApiError ? error.code : String(error)),
  )

describe('the SDK', () => {
  it('evaluates by private attributes and never sends them, from the moment that they are declared', async () => {
    const rules = [
      { id: 'anna', when: { attribute: 'email', op: 'equals', value: SECRET } as const, serve: { variant: 'on' } },
    ]
    await server.admin.createFlag(SAMPLE.project, {
      key: 'for-anna',
      type: 'boolean',
      config: { on: true, rules, fallthrough: { variant: 'off' } },
    })
    const { client, sent } = await connect(await server.newKey())
    await declare()
    const wanted = (await version())?.version
    await vi.waitFor(() => expect(client.status().version).toBe(wanted), 5_000)
    expect(client.isEnabled('for-anna', context)).toBe(true)
    client.identify(context)
    client.track('used', context, { value: 3 })
    await client.flush()
    await client.close()
    const events = sent.filter(one => one.includes('/sdk/v1/events'))
    expect(events.join('\n')).toContain('"attributes":{"plan":"pro","home":{"city":"Rome"}}')
    expect(sent.join('\n')).not.toContain(SECRET)
    expect(await stored()).toMatchObject([
      { unit: 'account' },
      { unit: 'user', attributes: { plan: 'pro', home: { city: 'Rome' }, accountId: 'acc-1' } },
    ])
  })

  it('learns of them when it starts, and when they are open again', async () => {
    await declare()
    const { client, sent } = await connect(await server.newKey())
    client.identify(context)
    await client.flush()
    expect(sent.join('\n')).not.toContain(SECRET)
    await declare([])
    const wanted = (await version())?.version
    await vi.waitFor(() => expect(client.status().version).toBe(wanted), 5_000)
    client.identify(context)
    await client.flush()
    expect(sent.join('\n')).toContain(SECRET)
  })
})

describe('the server', () => {
  it('takes no private attribute from older SDKs, browsers, uploads and files', async () => {
    await declare()
    const authorization = `Bearer ${await server.newKey()}`
    const { userId, accountId, ...attributes } = context
    const identifies = [{ at: Date.now(), units: { account: accountId, user: userId }, attributes }]
    await post('/sdk/v1/events', { batchId: 'batch-one', sentAt: Date.now(), identifies }, { authorization })
    await post(`/api/v1/projects/${SAMPLE.project}/directory`, { accounts: [{ id: 'acc-2', attributes }] })
    await post(`/api/v1/projects/${SAMPLE.project}/directory/csv?of=user`, `id,email,plan\nu-2,${SECRET},free\n`)
    await post('/ofrep/v1/evaluate/flags', { context: { targetingKey: 'u-3', ...attributes } }, { authorization })
    const rows = await stored()
    expect(rows).toHaveLength(4)
    expect(JSON.stringify(rows)).toContain('"city":"Rome"')
    expect(JSON.stringify(rows)).not.toContain(SECRET)
  })

  it('deletes what it has of an attribute that becomes private, and says how much that was', async () => {
    const { userId: id, accountId, ...attributes } = context
    await server.admin.uploadDirectory(SAMPLE.project, {
      accounts: [{ id: accountId, attributes: { plan: 'pro' } }],
      users: [
        { id, accountId, attributes },
        { id: 'u-2', attributes: { 'home.street': SECRET, homes: 1 } },
      ],
    })
    expect(await server.admin.listAttributes(SAMPLE.project)).toContainEqual(expect.objectContaining({ path: 'email' }))
    expect(await declare()).toEqual({ attributes: PRIVATE, deletedFrom: 2 })
    expect(JSON.stringify(await stored())).not.toContain(SECRET)
    const paths = (await server.admin.listAttributes(SAMPLE.project)).map(({ path }) => path)
    expect(paths).toContain('home.city')
    expect(paths).not.toContain('email')
    expect(await declare()).toEqual({ attributes: PRIVATE, deletedFrom: 0 })
    expect(await server.admin.privateAttributes(SAMPLE.project)).toEqual({ attributes: PRIVATE })
  })

  it('publishes them in each environment, in a ruleset that the schema knows, and writes it down', async () => {
    await declare()
    for (const environment of ['production', 'development']) {
      const headers = { authorization: `Bearer ${await server.newKey(environment)}` }
      const ruleset = rulesetSchema.parse(await (await fetch(`${server.url}/sdk/v1/ruleset`, { headers })).json())
      expect(ruleset.privateAttributes).toEqual(PRIVATE)
    }
    const { entries } = await server.admin.searchAudit(SAMPLE.project, { object: 'private-attributes' })
    expect(entries).toHaveLength(1)
    expect(JSON.stringify(entries[0]?.changes)).toContain('home.street')
  })

  it('refuses attributes that identify a unit, and paths that are none', async () => {
    expect(await codeOf(declare(['plan', 'accountId']))).toBe('invalid-request')
    await server.admin.putUnit(SAMPLE.project, 'device', { attribute: 'device.id' })
    expect(await codeOf(declare(['device.id']))).toBe('invalid-request')
    expect(await codeOf(declare(['device']))).toBe('invalid-request')
    expect(await codeOf(declare(['a b']))).toBe('invalid-request')
    expect(await server.admin.privateAttributes(SAMPLE.project)).toEqual({ attributes: [] })
    await declare()
    for (const attribute of PRIVATE) {
      expect(await codeOf(server.admin.putUnit(SAMPLE.project, 'home', { attribute }))).toBe('invalid-unit')
    }
  })
})
