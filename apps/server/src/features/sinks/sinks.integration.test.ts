import { createHmac } from 'node:crypto'
import type { CreateConnectionInput } from '@dimmer/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Call, type RecordingServer, startRecordingServer } from '../../../test/recording-server.ts'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { createOutgoing } from '../../adapters/guarded-outgoing.ts'
import { createSealer } from '../../kernel/seal.ts'
import { tellSinks } from './index.ts'

const START = Date.UTC(2026, 5, 1, 12)
const sealer = createSealer('a secret of these tests and no others')
let now = START
let server: TestServer
let tool: RecordingServer
let sdkKey: string

beforeEach(async () => {
  now = START
  tool = await startRecordingServer()
  server = await startTestServer({ clock: { now: () => now }, sealer: { with: sealer } })
  sdkKey = await server.newKey()
})
afterEach(async () => {
  await server.stop()
  await tool.close()
})

const tell = () =>
  tellSinks({ db: server.db, clock: { now: () => now }, sealer, outgoing: createOutgoing({ allowed: 'all' }) })

let batches = 0
const exposed = async (
  units: readonly { unit: string; unitId: string; variant?: string; flagVersion?: number; at?: number }[],
) => {
  const firstExposures = units.map(({ unit, unitId, variant = 'on', flagVersion = 1, at = now }) => ({
    flag: 'new-pdf-engine',
    flagVersion,
    variant,
    unit,
    unitId,
    rule: 'canary',
    heldOutBy: null,
    at,
  }))
  const answer = await fetch(`${server.url}/sdk/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sdkKey}` },
    body: JSON.stringify({ batchId: `batch-of-tests-${++batches}`, sentAt: now, firstExposures }),
  })
  expect(answer.status).toBe(202)
}

const connect = (parts: Pick<CreateConnectionInput, 'kind'> & { readonly path?: string }) =>
  server.admin.createConnection(SAMPLE.project, SAMPLE.environment, {
    key: 'tool',
    name: 'Tool',
    kind: parts.kind,
    settings: { url: `${tool.url}${parts.path ?? ''}` },
    secret: 'write-key-1234',
  } as CreateConnectionInput)

const health = async () => (await server.admin.listConnections(SAMPLE.project, SAMPLE.environment))[0]?.health
const undelivered = () => server.admin.listUndelivered(SAMPLE.project, SAMPLE.environment, 'tool')
/** What webhooks and Amplitude are sent. */
interface Sent {
  readonly batch: readonly {
    readonly type: string
    readonly messageId: string
    readonly userId?: string
    readonly groupId?: string
    readonly traits?: unknown
  }[]
  readonly api_key: string
  readonly events: readonly { readonly user_id: string }[]
}

interface MixpanelRecord {
  readonly properties: { readonly distinct_id: string }
}

function bodyOf(call: Pick<Call, 'text'> | undefined): Sent {
  const body: Sent = JSON.parse(call?.text ?? '{}')
  return body
}

function recordsOf(call: Call | undefined): readonly MixpanelRecord[] {
  const records: readonly MixpanelRecord[] = JSON.parse(call?.text ?? '[]')
  return records
}

it('tells a webhook who got what, signed, in the shape of Segment, and each once', async () => {
  await connect({ kind: 'webhook', path: '/v1/batch' })
  await exposed([
    { unit: 'user', unitId: 'u-1' },
    { unit: 'account', unitId: 'acc-1' },
    { unit: 'session', unitId: 's-1' },
  ])
  await tell()
  const [call] = tool.calls
  const { batch } = bodyOf(call)
  expect(batch.map(({ type, userId, groupId }) => [type, userId ?? groupId ?? 'none'])).toEqual([
    ['track', 'none'],
    ['group', 'acc-1'],
    ['track', 'u-1'],
    ['identify', 'u-1'],
  ])
  expect(batch[2]).toMatchObject({
    event: 'Feature flag assigned',
    timestamp: new Date(START).toISOString(),
    properties: { flag: 'new-pdf-engine', variant: 'on', environment: 'production', unit: 'user', unitId: 'u-1' },
  })
  expect(batch[3]?.traits).toEqual({ 'dimmer_production_new-pdf-engine': 'on' })
  const signed = createHmac('sha256', 'write-key-1234')
    .update(`${call?.headers['dimmer-timestamp']}.${call?.text}`)
    .digest('hex')
  expect(call?.headers['dimmer-signature']).toBe(signed)
  expect(call?.headers.authorization).toBe(`Basic ${Buffer.from('write-key-1234:').toString('base64')}`)
  await exposed([{ unit: 'user', unitId: 'u-1', flagVersion: 2 }])
  await tell()
  expect(tool.calls).toHaveLength(1)
  expect(await health()).toMatchObject({ passed: 2, refused: 0, lastProblem: null })
})

it('tells of a change of the variant, and not of a late word about the past', async () => {
  await connect({ kind: 'webhook' })
  await exposed([{ unit: 'user', unitId: 'u-1' }])
  await tell()
  now += 60_000
  await exposed([{ unit: 'user', unitId: 'u-1', variant: 'off', flagVersion: 2 }])
  await tell()
  await exposed([{ unit: 'user', unitId: 'u-1', variant: 'on', flagVersion: 3, at: START + 1_000 }])
  await tell()
  expect(tool.calls.map(call => bodyOf(call).batch[1]?.traits)).toEqual([
    { 'dimmer_production_new-pdf-engine': 'on' },
    { 'dimmer_production_new-pdf-engine': 'off' },
  ])
})

it.each([
  ['an outage', { status: 503, body: 'down' }, 5_000],
  ['a rate limit, for as long as it says', { status: 429, body: 'slow', headers: { 'retry-after': '40' } }, 40_000],
  ['a wrong key', { status: 401, body: 'who?' }, 5_000],
])('waits after %s, and then tells the same with the same ids', async (_, refusal, waits) => {
  await connect({ kind: 'webhook' })
  tool.answer(() => refusal)
  await exposed([{ unit: 'user', unitId: 'u-1' }])
  await tell()
  now += waits - 1_000
  await tell()
  expect(tool.calls).toHaveLength(1)
  expect(await health()).toMatchObject({
    passed: 0,
    refused: 0,
    lastProblem: expect.stringContaining(String(refusal.status)),
  })
  tool.answer(() => ({ status: 200, body: { success: true } }))
  now += 2_000
  await tell()
  expect(tool.calls).toHaveLength(2)
  const ids = tool.calls.map(call => bodyOf(call).batch.map(({ messageId }) => messageId))
  expect(ids[0]).toEqual(ids[1])
  expect(await health()).toMatchObject({ passed: 1 })
})

it.each([
  ['Mixpanel, whose project token is wrong', 'mixpanel', { status: 401, body: { error: 'Invalid credentials' } }],
  ['Mixpanel, which has enough for now', 'mixpanel', { status: 429, body: { error: 'API rate limit exceeded' } }],
  [
    'Amplitude, whose key is wrong',
    'amplitude',
    { status: 400, body: { code: 400, error: 'Invalid API key: write-key-1234' } },
  ],
  [
    'Amplitude, which has enough of one user for now',
    'amplitude',
    { status: 429, body: { code: 429, error: 'Too many requests', throttled_users: { 'u-1': 30 } } },
  ],
] as const)('loses nothing to %s', async (_, kind, refusal) => {
  await connect({ kind })
  tool.answer(() => refusal)
  await exposed([
    { unit: 'user', unitId: 'u-1' },
    { unit: 'account', unitId: 'acc-1' },
  ])
  await tell()
  expect(await health()).toMatchObject({ passed: 0, refused: 0, lastProblem: expect.any(String) })
  tool.answer(() => ({ status: 200, body: { code: 200, status: 1 } }))
  now += 6_000
  await tell()
  expect(await health()).toMatchObject({ passed: 2, refused: 0 })
  expect(await undelivered()).toEqual([])
})

it.each(['mixpanel', 'amplitude', 'webhook'] as const)(
  'sends %s smaller batches where it says that one is too large',
  async kind => {
    await connect({ kind })
    const told = new Set<string>()
    tool.answer(({ text }) => {
      const named = [...text.matchAll(/"(u-\d+)"/g)].flatMap(([, id]) => id ?? [])
      if (new Set(named).size > 3) return { status: 413, body: { code: 413, error: 'Payload too large' } }
      for (const id of named) told.add(id)
      return { status: 200, body: { code: 200, status: 1 } }
    })
    await exposed(Array.from({ length: 10 }, (_, index) => ({ unit: 'user', unitId: `u-${index}` })))
    await tell()
    expect(told.size).toBe(10)
    expect(await health()).toMatchObject({ passed: 10, refused: 0 })
    expect(await undelivered()).toEqual([])
  },
)

it('finds the one message that spoils a batch, puts it aside, and sends it again when told to', async () => {
  await connect({ kind: 'webhook' })
  let poison = 'u-13'
  tool.answer(({ text }) =>
    text.includes(`"${poison}"`) ? { status: 400, body: 'bad user' } : { status: 200, body: {} },
  )
  await exposed(Array.from({ length: 40 }, (_, index) => ({ unit: 'user', unitId: `u-${index}` })))
  await tell()
  expect(await undelivered()).toMatchObject([
    { unitId: 'u-13', flag: 'new-pdf-engine', variant: 'on', reason: expect.stringContaining('bad user') },
  ])
  expect(await health()).toMatchObject({ passed: 39, refused: 1 })
  const retry = () => server.admin.retryUndelivered(SAMPLE.project, SAMPLE.environment, 'tool')
  expect(await retry()).toMatchObject({ delivered: 0, left: 1, because: expect.stringContaining('bad user') })
  poison = 'nobody'
  expect(await retry()).toEqual({ delivered: 1, left: 0 })
  expect(await undelivered()).toEqual([])
})

it('puts nothing aside while all of it is refused: the address may be wrong', async () => {
  await connect({ kind: 'webhook' })
  tool.answer(() => ({ status: 400, body: 'no such route' }))
  await exposed([
    { unit: 'user', unitId: 'u-1' },
    { unit: 'user', unitId: 'u-2' },
  ])
  for (let turn = 0; turn < 7; turn++) {
    await tell()
    now += 16 * 60_000
  }
  expect(await undelivered()).toEqual([])
  await tell()
  expect(await undelivered()).toHaveLength(2)
})

it('tells Mixpanel profiles and events, and takes its word on single records', async () => {
  await connect({ kind: 'mixpanel' })
  tool.answer(({ path }) =>
    path.startsWith('/import')
      ? {
          status: 400,
          body: {
            code: 400,
            error: 'some data points in the request failed validation',
            failed_records: [
              { index: 1, insert_id: 'x', field: 'properties.distinct_id', message: 'distinct_id is invalid' },
            ],
            num_records_imported: 2,
            status: 'Bad Request',
          },
        }
      : { status: 200, body: { status: 1, error: null } },
  )
  await exposed([
    { unit: 'user', unitId: 'u-1' },
    { unit: 'user', unitId: 'u-2' },
    { unit: 'account', unitId: 'acc-1' },
  ])
  await tell()
  const [people, groups, events] = tool.calls
  expect(tool.calls.map(({ path }) => path)).toEqual(['/engage?verbose=1', '/groups?verbose=1', '/import?strict=1'])
  expect(recordsOf(people)[0]).toEqual({
    $token: 'write-key-1234',
    $distinct_id: 'u-1',
    $set: { 'dimmer_production_new-pdf-engine': 'on' },
  })
  expect(recordsOf(groups)[0]).toMatchObject({ $group_key: 'account', $group_id: 'acc-1' })
  expect(recordsOf(events).map(({ properties }) => properties.distinct_id)).toEqual(['account:acc-1', 'u-1', 'u-2'])
  expect(recordsOf(events)[0]?.properties).toMatchObject({
    account: 'acc-1',
    time: START,
    $insert_id: expect.stringMatching(/^[\da-f]{36}$/),
  })
  expect(await health()).toMatchObject({ passed: 2, refused: 1, lastProblem: 'distinct_id is invalid' })
  expect((await undelivered()).map(({ unitId }) => unitId)).toEqual(['u-1'])
})

it('leaves out what Amplitude names as invalid, and sends the rest again', async () => {
  await connect({ kind: 'amplitude' })
  tool.answer(({ text }) => {
    const index = bodyOf({ text }).events.findIndex(({ user_id }) => user_id === 'u-2')
    if (index === -1) return { status: 200, body: { code: 200, events_ingested: 1 } }
    return {
      status: 400,
      body: { code: 400, error: 'Request missing required field', events_with_missing_fields: { time: [index] } },
    }
  })
  await exposed([
    { unit: 'user', unitId: 'u-1' },
    { unit: 'user', unitId: 'u-2' },
    { unit: 'account', unitId: 'acc-1' },
  ])
  await tell()
  expect(tool.calls.map(({ path }) => path)).toEqual(['/2/httpapi', '/2/httpapi'])
  const { api_key, events } = bodyOf(tool.calls[1])
  expect(api_key).toBe('write-key-1234')
  expect(events.map(({ user_id }) => user_id)).toEqual(['account:acc-1', 'u-1'])
  expect(events[0]).toMatchObject({
    groups: { account: 'acc-1' },
    group_properties: { account: { 'dimmer_production_new-pdf-engine': 'on' } },
  })
  expect((await undelivered()).map(({ unitId, reason }) => [unitId, reason])).toEqual([['u-2', 'missing field time']])
})

it('tells 2,000 assignments of one commit in batches, whoever else tells at the same time', async () => {
  await connect({ kind: 'webhook' })
  await exposed(Array.from({ length: 2_000 }, (_, index) => ({ unit: 'account', unitId: `acc-${index}` })))
  await Promise.all([tell(), tell(), tell()])
  const told = tool.calls.flatMap(call =>
    bodyOf(call)
      .batch.filter(({ type }) => type === 'group')
      .map(({ groupId }) => groupId),
  )
  expect(told).toHaveLength(2_000)
  expect(new Set(told).size).toBe(2_000)
  expect(tool.calls).toHaveLength(20)
})
