import { createClient, type DimmerClient } from '@dimmer/node'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let client: DimmerClient
const problems: string[] = []
const clients: DimmerClient[] = []

async function connect(environment: string): Promise<DimmerClient> {
  const log = (_level: string, { code, message }: { code: string; message: string }) =>
    void problems.push(`${code}: ${message}`)
  const made = createClient({ url: server.url, sdkKey: await server.newKey(environment), log })
  clients.push(made)
  expect(await made.ready()).toMatchObject({ state: 'live' })
  return made
}

beforeAll(async () => {
  server = await startTestServer()
  client = await connect(SAMPLE.environment)
})
afterAll(async () => {
  await Promise.all(clients.map(one => one.close()))
  await server.stop()
})

/** What a caller without types may hand over. */
const asContext = (value: unknown) => value as Parameters<DimmerClient['isEnabled']>[1]

describe('the app gets its fallback and the reason, and never an exception', () => {
  const account = { accountId: 'acc-00001' }

  it('for a flag that is not there', () => {
    expect(client.isEnabled('no such flag', account)).toBe(false)
    expect(client.details('constructor', account, 'blue')).toMatchObject({
      value: 'blue',
      errorCode: 'flag-not-found',
    })
  })

  it('for a fallback of another type', () => {
    expect(client.details('bulk-invoice-api', account, 'blue')).toMatchObject({
      value: 'blue',
      variant: 'on',
      errorCode: 'type-mismatch',
    })
  })

  it('for a share without its unit, which counts as held out', () => {
    expect(client.details('new-pdf-engine', { userId: 'user-00001' }, true)).toMatchObject({
      value: false,
      missingUnit: 'account',
    })
    expect(problems).toContainEqual(expect.stringMatching(/^missing-unit: .*new-pdf-engine.*account/))
  })

  it.each([[null], [undefined], ['acc-00001'], [42], [[account]], [() => account]])('for the context %j', value => {
    expect(client.details('bulk-invoice-api', asContext(value), true)).toMatchObject({
      value: true,
      errorCode: 'invalid-context',
    })
    expect(client.isEnabled('bulk-invoice-api', asContext(value))).toBe(false)
    client.track('sdk-input', asContext(value))
    client.identify(asContext(value))
  })
})

describe('one event that the server would refuse takes no other with it', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })
  const bad: [string, (accountId: string) => void][] = [
    ['a NUL in an id', accountId => client.track('sdk-input', { accountId, userId: 'u\u0000' })],
    ['half a surrogate pair in an id', accountId => client.track('sdk-input', { accountId, userId: 'u\ud800' })],
    ['a NUL in a name', accountId => client.track('sdk\u0000', { accountId })],
    ['half a surrogate pair in what it creates', accountId => client.track('x', { accountId }, { creates: '\udfff' })],
    ['a NUL in an attribute', accountId => client.identify({ accountId, note: 'a\u0000b' })],
    ['half a surrogate pair in an attribute', accountId => client.identify({ accountId, note: { deep: ['\ud800'] } })],
    ['a NUL in the name of an attribute', accountId => client.identify({ accountId, 'a\u0000': 1 })],
    ['attributes of 1,000 levels', accountId => client.identify(asContext({ accountId, note: deep(1_000) }))],
    ['a NUL in the id of a first exposure', () => void client.isEnabled('new-pdf-engine', { accountId: 'a\u0000' })],
    ['a NUL in the key of a flag', accountId => void client.isEnabled('flag\u0000', { accountId })],
  ]
  it.each(bad)('%s', async (name, send) => {
    const accountId = `acc ${name}`
    send(accountId)
    client.track('good', { accountId })
    await client.flush()
    const { rows } =
      await sql`select 1 from events join event_names on id = kind where name = 'good' and unit_id = ${accountId}`.execute(
        server.db,
      )
    expect(rows).toHaveLength(1)
  })
})

it('a key of another environment gets that ruleset, and its events land there', async () => {
  const development = await connect('development')
  await server.admin.setShare({ ...at('new-pdf-engine'), environment: 'development' }, 'rollout', {
    unit: 'account',
    percent: 100,
  })
  await expect.poll(() => development.isEnabled('new-pdf-engine', { accountId: 'elsewhere' })).toBe(true)
  await server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 0 })
  await expect.poll(() => client.isEnabled('new-pdf-engine', { accountId: 'elsewhere' })).toBe(false)
  expect(development.isEnabled('new-pdf-engine', { accountId: 'elsewhere' })).toBe(true)

  development.track('elsewhere', { accountId: 'elsewhere' })
  await Promise.all([development.flush(), client.flush()])
  const { rows } = await sql<{ key: string; what: string }>`
    select e.key, 'track' as what from events u join event_names n on n.id = u.kind join environments e on e.id = n.environment_id
      where u.unit_id = 'elsewhere'
    union select e.key, x.variant from unit_exposures x join environments e on e.id = x.environment_id
      where x.unit_id = 'elsewhere' order by 1, 2`.execute(server.db)
  expect(rows).toEqual([
    { key: 'development', what: 'on' },
    { key: 'development', what: 'track' },
    { key: 'production', what: 'off' },
  ])
  expect(await server.admin.listInstances(SAMPLE.project, 'development')).toMatchObject([
    { instanceId: development.status().instanceId },
  ])
})
