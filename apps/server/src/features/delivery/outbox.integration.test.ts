import { createClient, type DimmerClient } from '@dimmer/node'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FreezingProxy, startFreezingProxy } from '../../../test/freezing-proxy.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { selectFlagVersions, trimOutbox } from '../projects/index.ts'

const DAY_MS = 86_400_000
const ids = (count: number) => Array.from({ length: count }, (_, index) => `acc-${index}`)

let server: TestServer
/** A node without a common bus, that can be kept from comparing. */
let behind: TestServer
let network: FreezingProxy
let client: DimmerClient
const seen: number[] = []
beforeAll(async () => {
  server = await startTestServer()
  network = await startFreezingProxy(server.databaseUrl)
  behind = await startTestServer({ databaseUrl: network.url })
  client = createClient({ url: behind.url, sdkKey: await server.newKey(), log: () => undefined })
  client.on('change', ({ version }) => seen.push(version))
  expect(await client.ready()).toMatchObject({ state: 'live' })
})
afterAll(async () => {
  await client.close()
  await behind.stop()
  await network.close()
  await server.stop()
})

const putList = (segment: string, count: number) =>
  server.admin.putSegment(SAMPLE.project, segment, { name: segment, list: { unit: 'account', ids: ids(count) } })

it('a node that missed many changes passes on each of them, once and in their order', async () => {
  const from = client.status().version ?? 0
  network.cut()
  for (let turn = 0; turn < 45; turn++) await server.admin.switchFlag(at('maintenance-mode'), turn % 2 === 0)
  network.thaw()
  await expect.poll(() => client.status().version, { timeout: 10_000 }).toBe(from + 45)
  expect(seen.slice(-45)).toEqual(Array.from({ length: 45 }, (_, index) => from + 1 + index))
})

it('after a day changes lose their long lists and nothing else; who lacks them gets the whole ruleset', async () => {
  network.cut()
  await putList('short', 3)
  await putList('long', 2_000)
  await server.admin.createFlag(SAMPLE.project, {
    key: 'for-many',
    type: 'boolean',
    config: {
      on: true,
      offVariant: 'off',
      prerequisites: [],
      rules: [{ id: 'many', when: { segment: 'long' }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    },
  })
  const { version } = await server.admin.switchFlag(at('maintenance-mode'), true)
  expect(await trimOutbox(server.db, Date.now())).toBe(0)
  expect(await trimOutbox(server.db, Date.now() + 2 * DAY_MS)).toBeGreaterThan(0)
  expect(await trimOutbox(server.db, Date.now() + 2 * DAY_MS)).toBe(0)

  const { rows } = await sql<{ environment: string; segments: Record<string, unknown> }>`
    select environment_id as environment, patch -> 'segments' as segments from outbox
    where patch -> 'segments' <> '{}'::jsonb order by version desc`.execute(server.db)
  const kept = Object.assign({}, ...rows.map(({ segments }) => segments))
  expect(kept.long).toMatchObject({ key: 'long', list: { unit: 'account', count: 2_000 } })
  expect(kept.long.list.ids).toBeUndefined()
  expect(kept.short.list).toEqual({ unit: 'account', ids: ids(3) })
  const history = await selectFlagVersions(server.db, rows[0]?.environment ?? '', 'for-many')
  expect(history.map(({ flag }) => flag?.rules[0]?.id)).toEqual(['many'])

  network.thaw()
  await expect.poll(() => client.status(), { timeout: 10_000 }).toMatchObject({ state: 'live', version })
  expect(client.isEnabled('for-many', { accountId: 'acc-1999' })).toBe(true)
  expect(client.isEnabled('for-many', { accountId: 'acc-2000' })).toBe(false)
  expect(new Set(seen).size).toBe(seen.length)
})
