import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createOutgoing } from '../src/adapters/guarded-outgoing.ts'
import { factsOfMetric } from '../src/features/metrics/index.ts'
import { tellSinks } from '../src/features/sinks/index.ts'
import { createSealer } from '../src/kernel/seal.ts'
import { type RecordingServer, startRecordingServer } from './recording-server.ts'
import { codeOf } from './refusals.ts'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const START = Date.UTC(2026, 5, 1, 12)
const sealer = createSealer('a secret of these tests and no others')
const clock = { now: () => START }
const ACCOUNT = 'acc-4711-north'
const OTHER = 'acc-4711-north-2'
const USERS = ['anna@north.example', 'bert@north.example']

let server: TestServer
let tool: RecordingServer
beforeAll(async () => {
  tool = await startRecordingServer()
})
afterAll(() => tool.close())
beforeEach(async () => {
  server = await startTestServer({ clock, sealer: { with: sealer } })
  await fillAll()
  return () => server.stop()
})

let batches = 0
async function send(environment: string, body: object): Promise<void> {
  const answer = await fetch(`${server.url}/sdk/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await server.newKey(environment)}` },
    body: JSON.stringify({ batchId: `batch-of-tests-${++batches}`, sentAt: START, ...body }),
  })
  expect(answer.status).toBe(202)
}

const exposure = (unit: string, unitId: string) => ({
  flag: 'new-pdf-engine',
  flagVersion: 1,
  variant: 'on',
  unit,
  unitId,
  rule: 'canary',
  heldOutBy: null,
  at: START,
})

const environmentId = async () => {
  const { rows } = await sql<{ id: string }>`select id from environments where key = 'production'`.execute(server.db)
  return rows[0]?.id ?? ''
}

/** Something about the account and its users in every table that can hold it, in two environments. */
async function fillAll(): Promise<void> {
  const { admin, db } = server
  await admin.uploadDirectory(SAMPLE.project, {
    accounts: [
      { id: ACCOUNT, attributes: { plan: 'pro' } },
      { id: OTHER, attributes: { plan: 'pro' } },
    ],
    users: USERS.map(id => ({ id, accountId: ACCOUNT, attributes: { role: 'owner' } })),
  })
  await admin.createConnection(SAMPLE.project, SAMPLE.environment, {
    key: 'tool',
    name: 'Tool',
    kind: 'webhook',
    settings: { url: tool.url },
    secret: 'write-key-1234',
  })
  for (const environment of ['production', 'development']) {
    await send(environment, {
      firstExposures: [ACCOUNT, OTHER].map(id => exposure('account', id)).concat(USERS.map(id => exposure('user', id))),
      tracks: [ACCOUNT, OTHER].map(account => ({
        name: 'used',
        at: START,
        units: { account, ...(account === ACCOUNT && { user: USERS[0] ?? '' }) },
      })),
    })
  }
  const outgoing = createOutgoing({ allowed: 'all' })
  await tellSinks({ db, clock, sealer, outgoing })
  await sql`insert into sink_dead_letters select 'letter', id, now(), 'refused',
    ${JSON.stringify({ unit: 'account', unitId: ACCOUNT })}::jsonb from connections`.execute(db)
  await facts()
}

const facts = async () =>
  factsOfMetric(
    server.db,
    {
      owner: 'rollout-1',
      metricId: 'errors',
      treatment: {
        environmentId: await environmentId(),
        flagKey: 'new-pdf-engine',
        ruleId: 'canary',
        unit: 'account',
        fromVersion: 1,
        untilVersion: null,
      },
      stages: [{ stage: 0, share: 0.5, fromVersion: 1, untilVersion: null, startedAt: START - 60_000, endedAt: null }],
      off: [],
      metric: { kind: 'error-rate', key: 'errors', version: 1, name: 'Errors', worse: 'higher', event: 'used' },
      limit: { value: 0.05 },
    },
    START,
  )

/** The tables with a row that holds the text, and how many such rows; the text as it is, or within other text. */
async function rowsWith(text: string): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }>`
    select relname as name from pg_class where relkind in ('r', 'p') and not relispartition
      and relnamespace = 'public'::regnamespace order by 1`.execute(server.db)
  const found: Record<string, number> = {}
  const word = `${text.replaceAll('.', '\\.')}([^-\\w]|$)`
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(name)} t where to_jsonb(t)::text ~ ${word}`.execute(server.db)
    if ((rows[0]?.count ?? 0) > 0) found[name] = rows[0]?.count ?? 0
  }
  return found
}

it('leaves nothing of an account in any table, and everything of others', async () => {
  const others = await rowsWith(OTHER)
  expect(await rowsWith(ACCOUNT)).toEqual({
    directory_units: 3,
    events: 2,
    sink_assignments: 1,
    sink_dead_letters: 1,
    unit_exposures: 2,
    unit_facts: 1,
  })
  const { reference, ...erased } = await server.admin.eraseUnit(SAMPLE.project, { unit: 'account', id: ACCOUNT })
  expect(erased).toEqual({
    units: 1,
    unlinked: 2,
    events: 2,
    exposures: 2,
    facts: 1,
    told: 2,
    requests: 0,
    redacted: 0,
    stillNamedIn: [],
  })
  expect(reference).toMatch(/^[0-9a-f]{32}$/)
  expect(await rowsWith(ACCOUNT)).toEqual({})
  expect(await rowsWith(OTHER)).toEqual(others)
  expect(await rowsWith(USERS[0] ?? '')).toMatchObject({ directory_units: 1, events: 2, unit_exposures: 2 })
  // The next look doesn't bring it back.
  await facts()
  expect(await rowsWith(ACCOUNT)).toEqual({})
})

it('erases the users of an account too when asked, and only then', async () => {
  await server.admin.eraseUnit(SAMPLE.project, { unit: 'account', id: ACCOUNT, users: true })
  for (const id of [ACCOUNT, ...USERS]) expect(await rowsWith(id)).toEqual({})
})

it('forgets at once on the node that was asked', async () => {
  const attributes = () => server.admin.listAttributes(SAMPLE.project)
  expect((await attributes()).map(({ path }) => path)).toContain('role')
  for (const id of USERS) await server.admin.eraseUnit(SAMPLE.project, { unit: 'user', id })
  expect((await attributes()).map(({ path }) => path)).not.toContain('role')
})

it('takes the id out of earlier entries of the journal, which still verifies', async () => {
  const { admin } = server
  const list = (ids: string[]) => admin.putSegment(SAMPLE.project, 'pilots', { list: { unit: 'account', ids } })
  await list([ACCOUNT, OTHER])
  await list([OTHER])
  const before = await admin.verifyAudit()
  const { reference, redacted } = await admin.eraseUnit(SAMPLE.project, { unit: 'account', id: ACCOUNT })
  expect(redacted).toBe(2)
  expect(await rowsWith(ACCOUNT)).toMatchObject({ outbox: expect.any(Number) })
  expect(Object.keys(await rowsWith(ACCOUNT))).not.toContain('journal')
  expect(await admin.verifyAudit(undefined, before.head)).toMatchObject({
    intact: true,
    redacted: 2,
    entries: before.entries + 1,
  })
  const { entries } = await admin.searchAudit(SAMPLE.project, { verb: 'erase' })
  expect(entries).toMatchObject([{ verb: 'erase', object: { kind: 'account', key: reference } }])
  const old = await admin.searchAudit(SAMPLE.project, { object: 'segment' })
  expect(old.entries.map(entry => entry.redacted)).toEqual([true, true])
  expect(JSON.stringify(old.entries)).toContain(OTHER)
  // Two erasures may redact the same entry.
  await admin.eraseUnit(SAMPLE.project, { unit: 'account', id: OTHER })
  expect(await admin.verifyAudit()).toMatchObject({ intact: true, redacted: 2 })
  expect(JSON.stringify(await admin.searchAudit(SAMPLE.project, {}))).not.toContain(ACCOUNT)
})

it('says where people have written the id into rules and lists, and leaves these as they are', async () => {
  const { admin } = server
  await admin.putSegment(SAMPLE.project, 'pilots', { list: { unit: 'account', ids: [ACCOUNT] } })
  await admin.putSegment(SAMPLE.project, 'north', { when: { attribute: 'accountId', op: 'in', value: [ACCOUNT] } })
  await admin.putSegment(SAMPLE.project, 'south', { list: { unit: 'account', ids: [OTHER] } })
  const { stillNamedIn } = await admin.eraseUnit(SAMPLE.project, { unit: 'account', id: ACCOUNT })
  expect(stillNamedIn).toEqual(['the segment "north"', 'the segment "pilots"'])
  expect((await admin.listSegmentIds(SAMPLE.project, 'pilots')).ids).toEqual([ACCOUNT])
})

it('takes the id out of change requests that are over, and names those that are not', async () => {
  const { admin } = server
  const only = (id: string) => ({ id: 'r', when: { attribute: 'accountId', op: 'in' as const, value: [id, 'acc-9'] } })
  const ask = (title: string, id: string) => {
    const rules = [{ ...only(id), serve: { variant: 'on' } }]
    const config = { on: true, offVariant: 'off', prerequisites: [], rules, fallthrough: { variant: 'off' } }
    return admin.requestChange(at('new-pdf-engine'), { title, change: { config } })
  }
  await admin.putSegment(SAMPLE.project, 'pilots', { list: { unit: 'account', ids: [ACCOUNT] } })
  const segment = await admin.requestSegmentChange(SAMPLE.project, 'pilots', {
    title: 'Others',
    change: { segment: { list: { unit: 'account', ids: [OTHER] } } },
  })
  await admin.applyChange(SAMPLE.project, segment.id, 1)
  const applied = await ask('Applied', ACCOUNT)
  await admin.applyChange(SAMPLE.project, applied.id, 1)
  const withoutIt = await ask('Without it', OTHER)
  await admin.applyChange(SAMPLE.project, withoutIt.id, 1)
  const cancelled = await ask('Cancelled', ACCOUNT)
  await admin.cancelChange(SAMPLE.project, cancelled.id)
  await ask('Back again', ACCOUNT)

  const erased = await admin.eraseUnit(SAMPLE.project, { unit: 'account', id: ACCOUNT })
  expect(erased).toMatchObject({ requests: 4, stillNamedIn: ['the change request "Back again"'] })
  expect((await rowsWith(ACCOUNT)).change_requests).toBe(1)
  expect(JSON.stringify(await admin.getChangeRequest(SAMPLE.project, applied.id))).toContain('acc-9')
  expect(await admin.getChangeRequest(SAMPLE.project, withoutIt.id)).toMatchObject({
    status: 'applied',
    after: { rules: [{ when: { value: [OTHER, 'acc-9'] } }] },
  })

  const [open] = await admin.listChangeRequests(SAMPLE.project, { status: 'open' })
  await admin.cancelChange(SAMPLE.project, open?.id ?? '')
  expect(await admin.eraseUnit(SAMPLE.project, { unit: 'account', id: ACCOUNT })).toMatchObject({
    requests: 1,
    stillNamedIn: [],
  })
  expect(Object.keys(await rowsWith(ACCOUNT))).not.toContain('change_requests')
})

it('names the same one always in the same way, and nobody is harmed by asking twice', async () => {
  const { admin } = server
  const first = await admin.eraseUnit(SAMPLE.project, { unit: 'user', id: USERS[0] ?? '' })
  const again = await admin.eraseUnit(SAMPLE.project, { unit: 'user', id: USERS[0] ?? '' })
  const other = await admin.eraseUnit(SAMPLE.project, { unit: 'user', id: USERS[1] ?? '' })
  expect(again).toMatchObject({ reference: first.reference, units: 0, events: 0, exposures: 0 })
  expect(other.reference).not.toBe(first.reference)
})

it('refuses units that the project does not have, and users of what has none', async () => {
  const { admin } = server
  expect(await codeOf(admin.eraseUnit(SAMPLE.project, { unit: 'acount', id: ACCOUNT }))).toBe('unit-not-found')
  expect(await codeOf(admin.eraseUnit(SAMPLE.project, { unit: 'user', id: 'u', users: true }))).toBe('invalid-request')
  expect(await codeOf(admin.eraseUnit('nothing', { unit: 'user', id: 'u' }))).toBe('project-not-found')
})
