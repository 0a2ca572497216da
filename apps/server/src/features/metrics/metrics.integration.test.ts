import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { EventBatchInput } from '@dimmer/protocol'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
let key: string
beforeAll(async () => {
  server = await startTestServer()
  key = await server.newKey()
})
afterAll(() => server.stop())

const post = async (batch: unknown) => {
  const response = await fetch(`${server.url}/sdk/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof batch === 'string' ? batch : JSON.stringify(batch),
  })
  return { status: response.status, body: await response.json() }
}

const batch = (parts: Partial<EventBatchInput> = {}): EventBatchInput => ({
  batchId: randomUUID(),
  sentAt: Date.now(),
  ...parts,
})

const count = async (statement: ReturnType<typeof sql<{ n: number }>>): Promise<number> =>
  (await statement.execute(server.db)).rows[0]?.n ?? 0

const events = (name: string) =>
  count(sql`select count(*)::int as n from events join event_names on id = kind where name = ${name}`)

it('a batch counts once, however often it is sent and however many send it at once', async () => {
  const sent = batch({
    exposures: [{ flag: 'f', flagVersion: 1, variant: 'on', count: 5 }],
    tracks: [{ name: 'once', at: Date.now(), units: { account: 'a', user: 'u' } }],
  })
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(sent)))
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202))
  expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1)
  expect(await events('once')).toBe(2)
  expect(await count(sql`select sum(count)::int as n from exposure_counts where flag_key = 'f'`)).toBe(5)
})

describe('a compressed body', () => {
  const send = async (body: Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/sdk/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        ...headers,
      },
      body: new Uint8Array(body),
    })
    return { status: response.status, body: await response.json() }
  }
  const packed = (value: unknown) => gzipSync(JSON.stringify(value))

  it('is unpacked', async () => {
    const sent = batch({ tracks: [{ name: 'packed', at: Date.now(), units: { account: 'a' } }] })
    expect((await send(packed(sent))).status).toBe(202)
    expect(await events('packed')).toBe(1)
  })

  it('is refused where it unpacks to more than a body may be', async () => {
    const answer = await send(packed({ ...batch(), filler: 'x'.repeat(50_000_000) }))
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'body-too-large' } } })
  })

  it.each([
    ['is no gzip at all', Buffer.from('{"batchId":"12345678"}')],
    ['ends too early', packed(batch()).subarray(0, 20)],
  ])('is refused where it %s', async (_how, body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { error: { code: 'malformed-json' } } })
  })

  it('is refused in another compression', async () => {
    expect(await send(packed(batch()), { 'content-encoding': 'br' })).toMatchObject({ status: 415 })
  })
})

it('takes events from servers without an SDK, by SDK key or by the admin API', async () => {
  const send = (path: string, headers: Record<string, string>) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(batch({ tracks: [{ name: 'plain', at: Date.now(), units: { account: 'a' } }] })),
    })
  expect((await send('/api/v1/events', { authorization: `Bearer ${key}` })).status).toBe(202)
  expect((await send('/api/v1/events', {})).status).toBe(401)
  expect((await send('/api/v1/projects/invoicing/environments/production/events', {})).status).toBe(202)
  expect((await send('/api/v1/projects/invoicing/environments/moon/events', {})).status).toBe(404)
  expect(await events('plain')).toBe(2)
})

it('a batch that the database refuses does not take others down with it', async () => {
  const attributes = { note: 'a\u0000b' }
  const bad = () => batch({ identifies: [{ at: Date.now(), units: { account: 'bad' }, attributes }] })
  const good = () => batch({ tracks: [{ name: 'beside', at: Date.now(), units: { account: 'a' } }] })
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => post(index % 3 === 0 ? bad() : good())))
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index % 3 === 0 ? 400 : 202)))
  expect(await events('beside')).toBe(40)
})

describe('an event that is not taken is named, and takes no other with it', () => {
  const track = (parts: object = {}) => ({ name: 'kept', at: Date.now(), units: { account: 'a' }, ...parts })

  it('of whatever kind it is, and is counted as refused', async () => {
    const sent = {
      ...batch(),
      exposures: [{ flag: 'g', flagVersion: 1, variant: 'on', count: 0 }],
      tracks: [track(), track({ ms: -1, name: '' }), track({ colour: 'red' }), track()],
      identifies: [{ at: Date.now(), units: { account: '' }, attributes: {} }],
    }
    const answer = await post(sent)
    expect(answer).toMatchObject({ status: 202, body: { accepted: true, duplicate: false, refused: { count: 4 } } })
    const paths = answer.body.refused.details.map(({ path }: { path: string }) => path)
    expect(paths.sort()).toEqual([
      'exposures.0.count',
      'identifies.0.units.account',
      'tracks.1.ms',
      'tracks.1.name',
      'tracks.2',
    ])
    expect(await events('kept')).toBe(2)
    const { dropped } = await server.admin.eventHealth('invoicing', 'production')
    expect(dropped).toContainEqual(expect.objectContaining({ reason: 'refused', count: 4 }))
    expect((await post(sent)).body).toMatchObject({ duplicate: true, refused: { count: 4 } })
    expect(await events('kept')).toBe(2)
  })

  it.each([
    ['nothing is left', batch({ tracks: [track({ ms: -1 })] })],
    ['the batch itself is wrong', { ...batch({ tracks: [track(), track({ ms: -1 })] }), sentAt: 'now' }],
    ['there is a field that is not known', { ...batch({ tracks: [track(), track({ ms: -1 })] }), colour: 'red' }],
    ['it is no list', { ...batch(), tracks: { 0: track() } }],
  ])('400 if %s', async (_why, sent) => {
    expect(await post(sent)).toMatchObject({ status: 400, body: { error: { code: 'invalid-request' } } })
    expect(await events('kept')).toBe(2)
  })
})

it('names made of ids do not fill the table: what is beyond counts as dropped', async () => {
  const environment = await server.newKey('development')
  const tracks = Array.from({ length: 2_100 }, (_, index) => {
    return { name: `order-${index}`, at: Date.now(), units: { account: 'a' } }
  })
  const send = () =>
    fetch(`${server.url}/sdk/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${environment}`, 'content-type': 'application/json' },
      body: JSON.stringify(batch({ tracks })),
    })
  expect((await send()).status).toBe(202)
  expect(await count(sql`select count(*)::int as n from event_names where name like 'order-%'`)).toBe(2_000)
  expect(await count(sql`select sum(count)::int as n from event_drops where reason = 'too-many-names'`)).toBe(100)
  expect((await send()).status).toBe(202)
  expect(await count(sql`select sum(count)::int as n from event_drops where reason = 'too-many-names'`)).toBe(200)
})

it('says which events have arrived, and what SDKs had to drop', async () => {
  const sent = batch({ dropped: 17, tracks: [{ name: 'healthy', at: Date.now(), units: { account: 'a' } }] })
  await Promise.all([post(sent), post(sent)])
  const health = await server.admin.eventHealth('invoicing', 'production')
  expect(health.names.find(({ name }) => name === 'healthy')).toMatchObject({ unit: 'account', count: 1 })
  expect(health.names.map(({ name }) => name)).not.toContain('never-sent')
  expect(health.dropped).toContainEqual(expect.objectContaining({ reason: 'sdk-buffer', count: 17 }))
})

it('a bot that sends one exposure over and over is one unit, once', async () => {
  const at = Date.now()
  const exposure = (offset: number) => ({
    flag: 'bot',
    flagVersion: 1,
    variant: 'on',
    unit: 'account',
    unitId: 'bot',
    rule: 'rollout',
    heldOutBy: null,
    at: at - offset,
  })
  const flood = () => batch({ firstExposures: Array.from({ length: 5_000 }, (_, index) => exposure(index)) })
  const answers = await Promise.all(Array.from({ length: 6 }, () => post(flood())))
  expect(answers.every(({ status }) => status === 202)).toBe(true)
  expect(await count(sql`select count(*)::int as n from unit_exposures where flag_key = 'bot'`)).toBe(1)
})

it('many senders that count the same flags never block each other', async () => {
  const flags = Array.from({ length: 20 }, (_, index) => `many-${index}`)
  const shuffled = (seed: number) => [...flags].sort((a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 5))
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, seed) =>
      post(batch({ exposures: shuffled(seed).map(flag => ({ flag, flagVersion: 1, variant: 'on', count: 1 })) })),
    ),
  )
  expect(answers.every(({ status }) => status === 202)).toBe(true)
  expect(await count(sql`select min(count)::int as n from exposure_counts where flag_key like 'many-%'`)).toBe(20)
})

it('corrects the times of a sender whose clock is hours off, and nothing lies in the future', async () => {
  const hours = 5 * 3_600_000
  const at = Date.now() + hours
  await post(batch({ sentAt: at, tracks: [{ name: 'skewed', at: at - 1_000, units: { account: 'a' } }] }))
  const { rows } = await sql<{
    at: Date
  }>`select at from events join event_names on id = kind where name = 'skewed'`.execute(server.db)
  expect(Math.abs((rows[0]?.at.getTime() ?? 0) - Date.now())).toBeLessThan(30_000)
})

it('keeps the earliest first exposure, whatever the order of arrival', async () => {
  const exposure = (at: number) => ({
    flag: 'order',
    flagVersion: 3,
    variant: 'on',
    unit: 'account',
    unitId: 'a',
    rule: 'rollout',
    heldOutBy: null,
    at,
  })
  const now = Date.now()
  for (const at of [now - 2_000, now - 5_000, now - 3_000]) await post(batch({ firstExposures: [exposure(at)] }))
  const { rows } = await sql<{ first_at: Date }>`
    select first_at from unit_exposures where flag_key = 'order'`.execute(server.db)
  expect(rows.map(row => row.first_at.getTime())).toEqual([now - 5_000])
})

it('learns accounts and users from identify', async () => {
  await post(
    batch({
      identifies: [
        { at: Date.now(), units: { account: 'acc-1', user: 'u-1' }, attributes: { plan: 'pro' } },
        { at: Date.now(), units: { account: 'acc-1', user: 'u-1' }, attributes: { country: 'DE' } },
        { at: Date.now(), units: { account: 'acc-1' }, attributes: { mrr: 99 } },
      ],
    }),
  )
  const { rows } = await sql<{ unit: string; attributes: unknown }>`
    select unit, attributes from directory_units order by unit`.execute(server.db)
  expect(rows).toEqual([
    { unit: 'account', attributes: { mrr: 99 } },
    { unit: 'user', attributes: { plan: 'pro', country: 'DE', accountId: 'acc-1' } },
  ])
})

it('takes tracks from a browser, and nothing about who was served what', async () => {
  const browser = await server.newKey('production', 'browser')
  const send = async (body: EventBatchInput) =>
    (
      await fetch(`${server.url}/sdk/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${browser}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status
  const at = Date.now()
  const units = { account: 'a' }
  expect(await send(batch({ tracks: [{ name: 'seen', at, units }] }))).toBe(202)
  expect(await send(batch({ identifies: [{ at, units, attributes: { plan: 'enterprise' } }] }))).toBe(403)
  expect(await send(batch({ exposures: [{ flag: 'f', flagVersion: 1, variant: 'on', count: 1 }] }))).toBe(403)
})

describe('refuses, and stores nothing of it', () => {
  const at = Date.now()
  const cases: [string, unknown][] = [
    ['an event name of 10 kB', batch({ tracks: [{ name: 'x'.repeat(10_000), at, units: { account: 'a' } }] })],
    [
      'an infinite value',
      `{"batchId":"12345678","sentAt":${at},"tracks":[{"name":"refused","at":${at},"units":{"account":"a"},"value":1e999}]}`,
    ],
    ['a negative duration', batch({ tracks: [{ name: 'refused', at, units: { account: 'a' }, ms: -1 }] })],
    ['a count of zero', batch({ exposures: [{ flag: 'refused', flagVersion: 1, variant: 'on', count: 0 }] })],
    ['an empty unit id', batch({ tracks: [{ name: 'refused', at, units: { account: '' } }] })],
    ['a field that is not known', { ...batch(), surprise: true }],
    ['a batch without an id', { sentAt: at }],
    ['a NUL in a unit id', batch({ tracks: [{ name: 'refused', at, units: { account: 'a\u0000' } }] })],
  ]
  it.each(cases)('%s', async (_name, body) => {
    const answer = await post(body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.code).toBe('invalid-request')
    expect(await events('refused')).toBe(0)
  })
})
