/** What the judge can do, fed by events that really arrive: minutes, durations, history, a share that stays. */
import { randomUUID } from 'node:crypto'
import { defineMetric, type Guardrail, type PlanInput } from '@dimmer/rollout'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Fleet, type Outcome } from '../../../test/invoicing-fleet.ts'
import { startTestServer, type TestServer } from '../../../test/test-server.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ACCOUNTS = 400

let now = 0
const clock = { now: () => now }
let server: TestServer
let fleet: Fleet

beforeEach(async () => {
  now = Date.UTC(2026, 0, 5, 9)
  server = await startTestServer({ clock })
  fleet = new Fleet({ url: server.url, key: await server.newKey(), clock, accounts: ACCOUNTS })
})
afterEach(() => server.stop())

async function start(guardrail: Guardrail, plan: Partial<PlanInput> = {}): Promise<string> {
  const { id } = await server.admin.createRollout('invoicing', {
    flag: 'new-pdf-engine',
    environment: 'production',
    variant: 'on',
    unit: 'account',
    stages: [10, 50, 100].map(percent => ({ percent, hold: 'PT1H' })),
    guardrails: [guardrail],
    ...plan,
  })
  await server.admin.actOnRollout('invoicing', id, { action: 'start' })
  return id
}

let round = 0
async function rounds(count: number, outcome: Outcome): Promise<void> {
  for (const until = round + count; round < until; round++) {
    now += MINUTE
    await fleet.round(outcome)
    await server.application.runner.lookAtAll()
  }
}

const verdictOn = async (id: string) => (await server.admin.getRollout('invoicing', id)).verdicts[0]
const lastDecision = async (id: string) => (await server.admin.listDecisions('invoicing', id))[0]

/** Each account fails once in eight minutes, in turn. */
const usual: Outcome = account => ({ ok: (account + round) % 8 !== 0, ms: 40 })
const ERRORS: Guardrail = { id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 2 }

it('harm that begins when every account has failed before, and never three times in a row, is found by failed minutes', async () => {
  await rounds(10, usual)
  const id = await start(ERRORS, { stages: [{ percent: 10, hold: 'PT24H' }] })
  await rounds(12, usual)
  expect((await verdictOn(id))?.kind).not.toBe('breached')
  await rounds(14, (account, onNew) => (onNew ? { ok: (account + round) % 2 !== 0, ms: 40 } : usual(account, onNew)))
  expect(await lastDecision(id)).toMatchObject({ kind: 'roll-back', because: { code: 'breached' } })
}, 120_000)

it('a latency is judged against that of the others, whatever it is', async () => {
  const metric = defineMetric({ kind: 'latency', key: 'speed', event: 'pdf.generated', quantile: 0.95 })
  const id = await start({ id: 'speed', kind: 'metric', metric, limit: { ratio: 1.5 } })
  const jitter = (account: number) => 900 + ((account * 37 + round * 101) % 200)
  await rounds(3, account => ({ ok: true, ms: jitter(account) }))
  expect((await verdictOn(id))?.evidence.estimate).toBeCloseTo(1, 1)
  await rounds(6, (account, onNew) => ({ ok: true, ms: onNew ? 3 * jitter(account) : jitter(account) }))
  expect(await lastDecision(id)).toMatchObject({ kind: 'roll-back', because: { guardrailId: 'speed' } })
}, 120_000)

async function pay(accounts: readonly number[], amount: (account: number) => number): Promise<void> {
  const tracks = accounts.map(account => {
    return { name: 'paid', at: now, units: { account: `acc-${account}` }, value: amount(account) }
  })
  await fleet.send({ batchId: randomUUID(), sentAt: now, tracks })
}

it('money is judged with what each account brought before: a loss that hides among unequal accounts is found', async () => {
  const everybody = Array.from({ length: ACCOUNTS }, (_, account) => account)
  const usualAmount = (account: number) => 10 * (1 + (account % 97)) + (account % 7)
  await pay(everybody, usualAmount)
  now += MINUTE
  const metric = defineMetric({ kind: 'revenue', key: 'money', event: 'paid', within: 'PT1H', cap: 10_000 })
  const stages = [{ percent: 50, hold: 'PT24H' }]
  const id = await start({ id: 'money', kind: 'metric', metric, limit: { ratio: 0.9 } }, { stages })
  now += MINUTE
  await fleet.round(() => ({ ok: true }))
  const isExposed = (account: number) => fleet.exposed.has(`acc-${account}`)
  await pay(everybody, account => usualAmount(account) * (isExposed(account) ? 0.8 : 1))
  await server.application.runner.lookAtAll()
  now += HOUR + MINUTE
  await server.application.runner.lookAtAll()
  // The server looks by itself, too: of two looks at once, one may have to stand back.
  await server.application.runner.lookAtAll()
  const decided = await lastDecision(id)
  expect(decided).toMatchObject({ kind: 'roll-back', because: { guardrailId: 'money' } })
  expect(decided?.verdicts[0]?.evidence.estimate).toBeLessThan(0.9)
}, 120_000)

it('a share that a roll-back leaves in place is still watched: it stays while well, and goes when it does harm', async () => {
  const id = await start(ERRORS, { rollBack: 'to-previous-stage', policy: { inconclusive: 'warn' } })
  const stateNow = async () => (await server.admin.getRollout('invoicing', id)).state
  await rounds(2, usual)
  now += 2 * HOUR
  // The server looks by itself, too: a look of ours may have to stand back.
  for (let left = 4; left > 0 && JSON.stringify(await stateNow()).includes('"stage":0'); left--) await rounds(1, usual)
  const broken: Outcome = (account, onNew) => (onNew ? { ok: false, ms: 40 } : usual(account, onNew))
  for (let left = 6; left > 0 && (await stateNow()).status === 'running'; left--) await rounds(1, broken)
  const rolledBack = { status: 'rolled-back', stage: 1, keptStage: 0 }
  expect(await stateNow()).toMatchObject(rolledBack)
  await rounds(3, usual)
  expect(await stateNow()).toMatchObject(rolledBack)
  expect((await verdictOn(id))?.kind).not.toBe('breached')
  await rounds(6, broken)
  expect(await stateNow()).not.toHaveProperty('keptStage')
  expect((await lastDecision(id))?.sentence).toMatch(/^Rolled back from 10 % of accounts to 0 %, too: /)
}, 120_000)
