import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
const now = Date.UTC(2026, 5, 1, 12)
beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => now } })
  await server.admin.uploadDirectory(SAMPLE.project, {
    accounts: [{ id: 'acc-00001', attributes: {} }],
    users: [{ id: 'u-1', accountId: 'acc-00001', attributes: { email: 'Ada@Nordlicht.example' } }],
  })
})
afterAll(() => server.stop())

const create = (parts: Parameters<TestServer['admin']['createConnection']>[2]) =>
  server.admin.createConnection(SAMPLE.project, SAMPLE.environment, parts)

interface Event {
  readonly name: string
  readonly unit: string
  readonly unit_id: string
  readonly value: number | null
}

/** All ticket and sentiment events of a unit, and then none: each test looks at its own. */
async function takeEvents(): Promise<readonly Event[]> {
  const { rows } = await sql<Event>`
    with gone as (delete from events returning kind, unit_id, value)
    select n.name, n.unit, gone.unit_id, gone.value from gone join event_names n on n.id = gone.kind
    order by n.name desc, n.unit`.execute(server.db)
  return rows
}

async function send(address: string | null, body: string, headers: Record<string, string>) {
  const answer = await fetch(`${server.url}${address}`, { method: 'POST', headers, body })
  return { status: answer.status, body: await answer.json() }
}

const signPlain = (secret: string, body: string, at = now) => ({
  'content-type': 'application/json',
  'dimmer-timestamp': String(Math.floor(at / 1000)),
  'dimmer-signature': createHmac('sha256', secret)
    .update(`${Math.floor(at / 1000)}.${body}`)
    .digest('hex'),
})

it('a ticket counts for the account and the user, with its mood, and once', async () => {
  const { address, secret = '' } = await create({ key: 'plain', kind: 'tickets', name: 'Desk' })
  const body = JSON.stringify({
    id: 't-1',
    email: 'ada@nordlicht.EXAMPLE',
    subject: 'The export is terrible',
    text: 'It fails and I hate it.',
  })
  const first = await send(address, body, signPlain(secret, body))
  expect(first).toMatchObject({ status: 202, body: { accepted: true, duplicate: false } })
  expect(first.body.sentiment).toBeLessThan(-0.5)
  expect((await send(address, body, signPlain(secret, body))).body).toMatchObject({ accepted: true, duplicate: true })
  const events = await takeEvents()
  expect(events.map(({ name, unit, unit_id }) => [name, unit, unit_id])).toEqual([
    ['ticket', 'account', 'acc-00001'],
    ['ticket', 'user', 'u-1'],
    ['sentiment', 'account', 'acc-00001'],
    ['sentiment', 'user', 'u-1'],
  ])
  expect(events[2]?.value).toBe(first.body.sentiment)
  const [health] = (await server.admin.listConnections(SAMPLE.project, SAMPLE.environment)).map(one => one.health)
  expect(health).toMatchObject({ passed: 1, refused: 0 })
})

it('a given mood is taken as it is; without any text there is none', async () => {
  const { address, secret = '' } = await create({ key: 'mood', kind: 'tickets', name: 'Desk' })
  for (const body of ['{"id":"m-1","accountId":"acc-9","sentiment":0.25}', '{"id":"m-2","accountId":"acc-9"}']) {
    await send(address, body, signPlain(secret, body))
  }
  expect((await takeEvents()).map(({ name, value }) => [name, value])).toEqual([
    ['ticket', null],
    ['ticket', null],
    ['sentiment', 0.25],
  ])
})

it('refuses what is not signed with its secret, signed long ago, changed since, or sent to an unknown address', async () => {
  const { address, secret = '' } = await create({ key: 'guard', kind: 'tickets', name: 'Desk' })
  const body = '{"id":"g-1","accountId":"acc-9"}'
  const good = signPlain(secret, body)
  const refused = [
    await send(address, body, { 'content-type': 'application/json' }),
    await send(address, body, signPlain(`${secret}x`, body)),
    await send(address, body, signPlain(secret, body, now - 6 * 60_000)),
    await send(address, body.replace('acc-9', 'acc-8'), good),
    await send('/hooks/v1/tickets/00000000-0000-0000-0000-000000000000', body, good),
  ]
  expect(refused.map(({ status, body: answer }) => [status, answer.error.code])).toEqual(
    Array.from({ length: 5 }, () => [401, 'unauthenticated']),
  )
  expect(new Set(refused.map(({ body: answer }) => answer.error.message)).size).toBe(1)
  expect(await takeEvents()).toEqual([])
})

it('says what is wrong with a ticket, and of whom it does not know', async () => {
  const { address, secret = '' } = await create({ key: 'bad', kind: 'tickets', name: 'Desk' })
  const answer = async (body: string) => (await send(address, body, signPlain(secret, body))).body
  expect(await answer('{"id":"b-1","email":"nobody@example.com"}')).toMatchObject({
    accepted: false,
    because: expect.stringContaining('directory'),
  })
  expect(await answer('{"accountId":"acc-9"}')).toMatchObject({
    error: { code: 'invalid-request', details: [{ path: 'id' }] },
  })
  expect(await answer('{"id":"b-1"')).toMatchObject({ error: { code: 'malformed-json' } })
  expect(await answer('{"id":"b-1","accountId":"a","sentiment":7}')).toMatchObject({
    error: { code: 'invalid-request' },
  })
  expect(await takeEvents()).toEqual([])
  const bad = (await server.admin.listConnections(SAMPLE.project, SAMPLE.environment)).find(({ key }) => key === 'bad')
  expect(bad?.health).toMatchObject({ passed: 0, refused: 1, lastProblem: expect.stringContaining('directory') })
})

it('takes what Zendesk sends when a ticket is made', async () => {
  const secret = 'zendesk-signing-secret'
  const { address } = await create({ key: 'zen', kind: 'zendesk', name: 'Zendesk', secret })
  const body = JSON.stringify({
    account_id: 22129848,
    detail: {
      created_at: '2026-06-01T11:59:00Z',
      description: 'Thank you, the new layout is wonderful!',
      external_id: 'u-1',
      id: '5158',
      is_public: true,
      requester_id: '8447388090494',
      status: 'NEW',
      subject: 'Praise',
    },
    event: {},
    id: 'cbe4028c-7239-495d-b020-f22348516046',
    subject: 'zen:ticket:5158',
    time: '2026-06-01T11:59:00Z',
    type: 'zen:event-type:ticket.created',
    zendesk_event_version: '2022-11-06',
  })
  const time = new Date(now).toISOString()
  const sign = (text: string) => ({
    'content-type': 'application/json',
    'x-zendesk-webhook-signature-timestamp': time,
    'x-zendesk-webhook-signature': createHmac('sha256', secret).update(`${time}${text}`).digest('base64'),
  })
  const answer = await send(address, body, sign(body))
  expect(answer.body).toMatchObject({ accepted: true, duplicate: false })
  expect(answer.body.sentiment).toBeGreaterThan(0.5)
  expect((await takeEvents()).map(({ unit_id }) => unit_id)).toEqual(['acc-00001', 'u-1', 'acc-00001', 'u-1'])
  expect((await send(address, body.replace('wonderful', 'horrible'), sign(body))).status).toBe(401)
  const old = new Date(now - 6 * 60_000).toISOString()
  const stale = createHmac('sha256', secret).update(`${old}${body}`).digest('base64')
  expect(
    (
      await send(address, body, {
        ...sign(body),
        'x-zendesk-webhook-signature-timestamp': old,
        'x-zendesk-webhook-signature': stale,
      })
    ).status,
  ).toBe(401)
  const other = body.replace('ticket.created', 'ticket.status_changed')
  expect((await send(address, other, sign(other))).body).toMatchObject({
    accepted: false,
    because: expect.stringContaining('ticket.status_changed'),
  })
  expect(await takeEvents()).toEqual([])
})

it('takes what Intercom sends when a conversation begins', async () => {
  const secret = 'intercom-client-secret'
  const { address } = await create({ key: 'inter', kind: 'intercom', name: 'Intercom', secret })
  const body = JSON.stringify({
    type: 'notification_event',
    app_id: 'a86dr8yl',
    topic: 'conversation.user.created',
    id: 'notif_ccd8a4d0',
    created_at: now / 1000,
    data: {
      type: 'notification_event_data',
      item: {
        type: 'conversation',
        id: '1122',
        created_at: now / 1000 - 30,
        source: {
          type: 'conversation',
          subject: '',
          body: '<p>This is <b>awful</b></p>',
          author: { type: 'user', email: 'ada@nordlicht.example' },
        },
        contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: '62d', external_id: null }] },
      },
    },
  })
  const sign = (text: string) => ({
    'content-type': 'application/json',
    'x-hub-signature': `sha1=${createHmac('sha1', secret).update(text).digest('hex')}`,
  })
  const answer = await send(address, body, sign(body))
  expect(answer.body).toMatchObject({ accepted: true })
  expect(answer.body.sentiment).toBeLessThan(-0.2)
  expect((await takeEvents()).map(({ unit_id }) => unit_id)).toEqual(['acc-00001', 'u-1', 'acc-00001', 'u-1'])
  expect((await send(address, body.replace('awful', 'great'), sign(body))).status).toBe(401)
  expect((await send(address, body, { 'content-type': 'application/json' })).status).toBe(401)
  const ping = JSON.stringify({ type: 'notification_event', topic: 'ping', data: {} })
  expect((await send(address, ping, sign(ping))).body).toMatchObject({ accepted: false })
})

const upload = async (path: string, csv: string, type = 'text/csv') => {
  const answer = await fetch(`${server.url}/api/v1/projects/invoicing/${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: csv,
  })
  return answer.json()
}

it('takes tickets from a file, those of unknown people aside, and each once', async () => {
  const csv =
    'id,at,accountId,email,sentiment\n1,2026-05-31T10:00:00Z,acc-7,,-0.5\n2,,,ada@nordlicht.example,\n3,,,who@example.com,\n'
  expect(await upload('environments/production/tickets/csv', csv)).toEqual({ taken: 2, unknown: 1, duplicate: 0 })
  expect(await upload('environments/production/tickets/csv', csv)).toEqual({ taken: 0, unknown: 1, duplicate: 2 })
  expect(
    (await takeEvents()).filter(({ unit }) => unit === 'account').map(({ name, unit_id }) => [name, unit_id]),
  ).toEqual([
    ['ticket', 'acc-7'],
    ['ticket', 'acc-00001'],
    ['sentiment', 'acc-7'],
  ])
})

it('takes no line of a ticket file of which one is wrong, and names it', async () => {
  expect(
    await upload('environments/production/tickets/csv', 'id,accountId,sentiment\n1,acc-7,\n2,acc-7,happy\n'),
  ).toMatchObject({
    error: { code: 'invalid-request', details: [{ path: 'line 3' }] },
  })
  expect(await takeEvents()).toEqual([])
})

it('takes the directory from a file as spreadsheets write it', async () => {
  const csv =
    'userId;accountId;email;seats;zip;admin\nu-7;acc-00007;bo@example.com;12;01067;true\nu-8;;cy@example.com;;80331;FALSE\n'
  expect(await upload('directory/csv?of=user', csv)).toEqual({ accounts: 0, users: 2 })
  const { rows } = await sql<{ unit_id: string; attributes: unknown }>`
    select unit_id, attributes from directory_units where unit = 'user' and unit_id in ('u-7', 'u-8') order by 1`.execute(
    server.db,
  )
  expect(rows).toEqual([
    {
      unit_id: 'u-7',
      attributes: { accountId: 'acc-00007', email: 'bo@example.com', seats: 12, zip: '01067', admin: true },
    },
    { unit_id: 'u-8', attributes: { email: 'cy@example.com', zip: '80331', admin: false } },
  ])
})

it.each([
  ['no column for the id', 'name\nAda\n', /"id" or "userId"/],
  ['a line without an id', 'id,name\nu-9,Ada\n,Bo\n', /1 line has no usable id, nothing was taken/],
  ['nothing but a header', 'id,name\n', /no lines/],
])('takes nobody from a directory file with %s', async (_, csv, message) => {
  expect(await upload('directory/csv?of=user', csv)).toMatchObject({
    error: { code: 'invalid-request', message: expect.stringMatching(message) },
  })
  const { rows } = await sql`select 1 from directory_units where unit_id = 'u-9'`.execute(server.db)
  expect(rows).toEqual([])
})
