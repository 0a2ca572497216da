/** What becomes of a running rollout when its input is odd: the outcomes named in docs/events.md. */
import { randomUUID } from 'node:crypto'
import type { PlanInput } from '@dimmer/rollout'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Fleet, type Outcome } from '../../../test/invoicing-fleet.ts'
import { startTestServer, type TestServer } from '../../../test/test-server.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let now = 0
const clock = { now: () => now }
let server: TestServer
let fleet: Fleet

beforeEach(async () => {
  now = Date.UTC(2026, 0, 5, 9)
  server = await startTestServer({ clock })
  fleet = new Fleet({ url: server.url, key: await server.newKey(), clock, accounts: 400 })
})
afterEach(() => server.stop())

async function start(policy: PlanInput['policy'] = {}): Promise<string> {
  const { id } = await server.admin.createRollout('invoicing', {
    flag: 'new-pdf-engine',
    environment: 'production',
    variant: 'on',
    unit: 'account',
    stages: [20, 50].map(percent => ({ percent, hold: 'PT1H' })),
    guardrails: [{ id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 2 }],
    policy,
  })
  await server.admin.actOnRollout('invoicing', id, { action: 'start' })
  return id
}

async function round(outcome: Outcome): Promise<void> {
  now += MINUTE
  await fleet.round(outcome)
  await server.application.runner.lookAtAll()
}

const rollout = (id: string) => server.admin.getRollout('invoicing', id)

it('an event that is renamed under a running rollout: what was seen stays, the next stage has no data and holds', async () => {
  const id = await start({ inconclusive: 'warn' })
  await round(account => ({ ok: account % 20 !== 0 }))
  const before = (await rollout(id)).verdicts[0]
  const renamed: Outcome = () => ({ ok: true, name: 'document.generated' })
  await round(renamed)
  expect((await rollout(id)).verdicts[0]?.evidence.events).toEqual(before?.evidence.events)
  now += HOUR
  await round(renamed)
  expect((await rollout(id)).state).toMatchObject({ status: 'running', stage: 1 })
  now += 2 * HOUR
  await round(renamed)
  const after = await rollout(id)
  expect(after.state).toMatchObject({ status: 'running', stage: 1 })
  expect(after.verdicts[0]).toMatchObject({
    kind: 'no-data',
    sentence: 'No newly exposed account has sent pdf.generated since stage 2 began.',
  })
}, 60_000)

it('a variant cannot be taken away under a running rollout, nor its flag', async () => {
  await start()
  const change: object = { variants: [{ key: 'off', value: false }] }
  await expect(server.admin.updateFlag('invoicing', 'new-pdf-engine', change)).rejects.toMatchObject({
    code: 'invalid-request',
  })
  await expect(server.admin.archiveFlag('invoicing', 'new-pdf-engine')).rejects.toMatchObject({ code: 'flag-in-use' })
})

it('one account that sends 60 % of all events and always fails is one account: nobody is rolled back for it', async () => {
  const id = await start({ inconclusive: 'warn' })
  await round(() => ({ ok: true }))
  const [whale] = fleet.exposed
  for (let turn = 0; turn < 5; turn++) {
    const tracks = Array.from({ length: 600 }, () => {
      return { name: 'pdf.generated', at: now, units: { account: whale ?? '' }, ok: false }
    })
    await fleet.send({ batchId: randomUUID(), sentAt: now, tracks })
    await round(account => ({ ok: account % 20 !== turn }))
  }
  const { state, verdicts } = await rollout(id)
  expect(state.status).toBe('running')
  expect(verdicts[0]?.kind).not.toBe('breached')
  expect(verdicts[0]?.evidence.eventsHit.treated).toBeGreaterThanOrEqual(3_000)
}, 60_000)

it('an exposure that a bot repeats without end is one row with its earliest time', async () => {
  const id = await start()
  await round(() => ({ ok: true }))
  const exposed = (await rollout(id)).exposedUnits
  const version = (await fleet.ruleset()).version
  const same = { flag: 'new-pdf-engine', flagVersion: version, variant: 'on', unit: 'account', unitId: 'bot' }
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...same, rule: 'rollout', heldOutBy: null, at: now - (index % 50) }))
  const batches = Array.from({ length: 10 }, () => ({
    batchId: randomUUID(),
    sentAt: now,
    firstExposures: rows(1_000),
  }))
  await Promise.all(batches.map(batch => fleet.send(batch)))
  const stored = await sql<{ first: Date }>`
    select first_at as first from unit_exposures where unit_id = 'bot'`.execute(server.db)
  expect(stored.rows.map(({ first }) => first.getTime())).toEqual([now - 49])
  expect((await rollout(id)).exposedUnits).toBe(exposed + 1)
}, 60_000)
