import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Retention } from '../src/config.ts'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 5, 1, 12)

let now = START
let server: TestServer
let key: string
const start = async (retention?: Retention) => {
  now = START
  server = await startTestServer({ clock: { now: () => now }, ...(retention && { retention }) })
  key = await server.newKey()
}
afterEach(() => server.stop())

/** Sends the same batch; says whether it was known. */
async function send(batchId: string): Promise<boolean> {
  const answer = await fetch(`${server.url}/sdk/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ batchId, sentAt: now, tracks: [{ name: 'used', at: now, units: { account: 'acc-1' } }] }),
  })
  expect(answer.status).toBe(202)
  const body: { duplicate: boolean } = await answer.json()
  return body.duplicate
}

async function rollout(): Promise<string> {
  const plan = { flag: 'ai-chatbot', variant: 'on', unit: 'account', ruleId: 'stages', environment: SAMPLE.environment }
  const stages = [{ percent: 10, hold: 'PT1H' }]
  return (await server.admin.createRollout(SAMPLE.project, { ...plan, stages })).id
}

async function look(id: string): Promise<void> {
  await sql`insert into rollout_looks values (${id}, 'errors', ${new Date(now)}, 0, '{"kind":"ok"}')`.execute(server.db)
}

const count = async (table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(server.db)).rows[0]?.n

const later = async (days: number) => {
  now = START + days * DAY_MS
  await server.application.keepHouse()
}

describe('with settings', () => {
  beforeEach(() => start({ eventsDays: 10, batchIdsDays: 2, looksDays: 20 }))

  it('events, ids of batches and looks are kept as long as these say', async () => {
    await send('batch-one')
    await look(await rollout())
    await later(1)
    expect(await send('batch-one')).toBe(true)
    await later(3)
    expect(await send('batch-one')).toBe(false)
    expect(await count('events')).toBe(2)
    await later(9)
    expect(await count('events')).toBe(2)
    await later(12)
    expect(await count('events')).toBe(1)
    expect(await count('rollout_looks')).toBe(1)
    await later(21)
    expect([await count('events'), await count('rollout_looks')]).toEqual([0, 0])
  })
})

describe('without settings', () => {
  beforeEach(() => start())

  it('events are kept for 90 days and looks for ever', async () => {
    await send('batch-one')
    await look(await rollout())
    await later(89)
    expect(await count('events')).toBe(1)
    await later(92)
    expect(await count('events')).toBe(0)
    await later(3_000)
    expect(await count('rollout_looks')).toBe(1)
  })
})
