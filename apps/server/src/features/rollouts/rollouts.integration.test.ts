import type { RolloutView } from '@dimmer/protocol'
import type { PlanInput } from '@dimmer/rollout'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fleet, type Outcome } from '../../../test/invoicing-fleet.ts'
import { at, startTestServer, type TestServer } from '../../../test/test-server.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 5, 9)
/** Enough to prove harm; to prove that there is none takes twice as many. */
const ACCOUNTS = 1_000

let now = START
const clock = { now: () => now }
let server: TestServer
let fleet: Fleet

const fleetOf = async (accounts: number) => new Fleet({ url: server.url, key: await server.newKey(), clock, accounts })

beforeEach(async () => {
  now = START
  server = await startTestServer({ clock })
  fleet = await fleetOf(ACCOUNTS)
})
afterEach(() => server.stop())

const PLAN: PlanInput = {
  flag: 'new-pdf-engine',
  environment: 'production',
  variant: 'on',
  unit: 'account',
  stages: [5, 25, 50, 100].map(percent => ({ percent, hold: 'PT24H' })),
  guardrails: [
    { id: 'errors', kind: 'error-rate', event: 'pdf.generated', maxRatio: 2 },
    { id: 'latency', kind: 'latency', event: 'pdf.generated', quantile: 0.95, maxMs: 2_000 },
  ],
}

/** Natural trouble: each account fails about one request in 12, on either engine. */
const healthy: Outcome = account => ({ ok: (account * 7_919 + now / 1_000) % 12 >= 1, ms: 40 })
/** Every fifth account breaks on the new engine. */
const broken: Outcome = (account, onNew) =>
  onNew && account % 5 === 0 ? { ok: false, ms: 30 } : healthy(account, onNew)
/** The new engine is correct and far too slow. */
const slow: Outcome = (account, onNew) => ({ ...healthy(account, onNew), ms: onNew ? 9_000 : 40 })

async function start(plan: PlanInput = PLAN): Promise<RolloutView> {
  const { id } = await server.admin.createRollout('invoicing', plan)
  return server.admin.actOnRollout('invoicing', id, { action: 'start' })
}

const shareNow = async () => {
  const flag = await server.admin.getFlag('invoicing', 'new-pdf-engine')
  const config = flag.environments.find(({ environment }) => environment === 'production')
  return config?.rules.find(({ id }) => id === 'rollout')?.share?.percent
}

/** Traffic for some hours of the story, with a look of the controller after each round. */
async function hours(count: number, outcome: Outcome): Promise<void> {
  for (let round = 0; round < count; round++) {
    now += HOUR / 60
    await fleet.round(outcome)
    now += HOUR - HOUR / 60
    await server.application.runner.lookAtAll()
  }
}

const kinds = async (id: string) =>
  (await server.admin.listDecisions('invoicing', id)).map(({ kind }) => kind).reverse()

describe('a defect', () => {
  it('is rolled back in stage 1 without a person, and the log names metric, numbers and bound', async () => {
    const { id } = await start()
    await hours(6, broken)
    const rollout = await server.admin.getRollout('invoicing', id)
    expect(rollout.state).toMatchObject({ status: 'rolled-back', stage: 0 })
    expect(await shareNow()).toBe(0)
    const [last] = await server.admin.listDecisions('invoicing', id)
    expect(last).toMatchObject({ kind: 'roll-back', actor: { kind: 'controller' }, because: { guardrailId: 'errors' } })
    expect(last?.sentence).toMatch(/\d/)
    const verdict = last?.verdicts.find(({ guardrailId }) => guardrailId === 'errors')
    expect(verdict).toMatchObject({ kind: 'breached', evidence: { limit: 2 } })
    expect(verdict?.evidence.logE).toBeGreaterThanOrEqual(verdict?.evidence.breachAt ?? Infinity)
    expect(rollout.exposedUnits).toBe(fleet.exposed.size)
    expect(fleet.exposed.size).toBeLessThan(ACCOUNTS * 0.07)
  })

  it('in latency alone is rolled back too', async () => {
    const { id } = await start()
    await hours(3, slow)
    const [last] = await server.admin.listDecisions('invoicing', id)
    expect(last).toMatchObject({ kind: 'roll-back', because: { guardrailId: 'latency' } })
  })

  it('is answered while the rollout is paused', async () => {
    const { id } = await start()
    await hours(1, healthy)
    await server.admin.actOnRollout('invoicing', id, { action: 'pause', note: 'lunch' })
    await hours(6, broken)
    expect((await server.admin.getRollout('invoicing', id)).state.status).toBe('rolled-back')
  })
})

it('a healthy version goes through all stages, one at a time, and nobody who had it loses it', async () => {
  fleet = await fleetOf(2 * ACCOUNTS)
  const { id } = await start()
  const had: Set<string>[] = []
  const status = async () => (await server.admin.getRollout('invoicing', id)).state.status
  for (let day = 0; day < 12 && (await status()) === 'running'; day++) {
    fleet.exposed.clear()
    await hours(3, healthy)
    had.push(new Set(fleet.exposed))
    now += 21 * HOUR
    await server.application.runner.lookAtAll()
  }
  expect(await status()).toBe('completed')
  expect(await kinds(id)).not.toContain('roll-back')
  expect((await kinds(id)).filter(kind => kind !== 'hold')).toEqual(['start', 'expand', 'expand', 'expand', 'complete'])
  for (const [day, accounts] of had.entries()) {
    for (const account of had[day - 1] ?? []) expect(accounts).toContain(account)
  }
  expect(had.at(-1)?.size).toBe(2 * ACCOUNTS)
  const stale = await server.admin.staleFlags('invoicing')
  expect(stale.flags).toEqual([])
  now += 15 * 24 * HOUR
  expect((await server.admin.staleFlags('invoicing')).flags).toMatchObject([{ flag: 'new-pdf-engine', variant: 'on' }])
}, 180_000)

it('nobody but the rollout may set its rule while it runs; switching off is always allowed and pauses it', async () => {
  const { id } = await start()
  await expect(
    server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 100 }),
  ).rejects.toMatchObject({ code: 'rule-owned-by-rollout' })
  const killed = await server.admin.kill(at('new-pdf-engine'), 0)
  expect(killed.flag.environments.find(({ environment }) => environment === 'production')?.on).toBe(false)
  await server.application.runner.lookAtAll()
  expect((await server.admin.getRollout('invoicing', id)).state.status).toBe('paused')
  await expect(server.admin.actOnRollout('invoicing', id, { action: 'resume' })).rejects.toMatchObject({
    code: 'not-allowed-now',
  })
  await server.admin.actOnRollout('invoicing', id, { action: 'roll-back' })
  await server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 1 })
  expect(await shareNow()).toBe(1)
})

it('many looks at once carry a decision out once', async () => {
  const { id } = await start()
  for (let round = 0; round < 3; round++) {
    now += HOUR
    await fleet.round(broken)
  }
  await Promise.all(Array.from({ length: 8 }, () => server.application.runner.lookAtAll()))
  expect((await kinds(id)).filter(kind => kind === 'roll-back')).toHaveLength(1)
})

it('a server that starts again goes on where the rollout was; waiting time counts, one stage per look', async () => {
  fleet = await fleetOf(2 * ACCOUNTS)
  const { id } = await start()
  await hours(6, healthy)
  await server.application.stop()
  const next = await startTestServer({ clock, databaseUrl: server.databaseUrl })
  now += 5 * 24 * HOUR
  await next.application.runner.lookAtAll()
  const rollout = await next.admin.getRollout('invoicing', id)
  expect(rollout.state).toMatchObject({ status: 'running', stage: 1 })
  await next.stop()
})

it('events without a duration say nothing about latency', async () => {
  const { id } = await start()
  const untimed: Outcome = account => ({ ok: healthy(account, true).ok })
  await hours(4, untimed)
  const verdicts = (await server.admin.getRollout('invoicing', id)).verdicts
  expect(verdicts.find(({ guardrailId }) => guardrailId === 'latency')?.kind).toBe('no-data')
})

it('what happens while the flag is off counts for nobody', async () => {
  const { id } = await start()
  await hours(1, healthy)
  const events = async () => (await server.admin.getRollout('invoicing', id)).verdicts[0]?.evidence.events.treated
  const before = await events()
  await server.admin.kill(at('new-pdf-engine'), 0)
  now += HOUR
  await fleet.trackOnly(healthy)
  await server.application.runner.lookAtAll()
  expect(await events()).toBe(before)
})

it('charts keep a look every few seconds, however often the controller looks', async () => {
  const { id } = await start()
  await hours(1, healthy)
  for (let second = 0; second < 20; second++) {
    now += 1_000
    await server.application.runner.lookAtAll()
  }
  const { looks } = await server.admin.rolloutSeries('invoicing', id)
  expect(looks.errors?.length).toBeGreaterThanOrEqual(4)
  expect(looks.errors?.length).toBeLessThan(10)
})

describe('a completed rollout', () => {
  const straight: PlanInput = { ...PLAN, stages: [{ percent: 100, hold: 'PT0S' }], guardrails: [] }

  const complete = async () => {
    const { id } = await start(straight)
    await server.application.runner.lookAtAll()
    expect((await server.admin.getRollout('invoicing', id)).state.status).toBe('completed')
    return id
  }

  it('is retired once its rule is changed by hand, and leaves it alone', async () => {
    const id = await complete()
    await server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 3 })
    await server.application.runner.lookAtAll()
    expect((await server.admin.getRollout('invoicing', id)).state.status).toBe('retired')
    expect(await shareNow()).toBe(3)
  })

  it('is retired when another rollout of the flag begins, whose units are not its own', async () => {
    const id = await complete()
    await server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 0 })
    await start()
    await hours(1, healthy)
    const former = await server.admin.getRollout('invoicing', id)
    expect(former.state.status).toBe('retired')
    expect(former.exposedUnits).toBe(0)
  })

  it('does not count as its own whom its rule serves after it was retired', async () => {
    const id = await complete()
    await server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 0 })
    await server.application.runner.lookAtAll()
    const { exposedUnits, state } = await server.admin.getRollout('invoicing', id)
    expect(state.status).toBe('retired')
    await start()
    await hours(1, healthy)
    expect((await server.admin.getRollout('invoicing', id)).exposedUnits).toBe(exposedUnits)
  })

  it('is retired when its flag is archived', async () => {
    const id = await complete()
    await server.admin.archiveFlag('invoicing', 'new-pdf-engine')
    await server.application.runner.lookAtAll()
    expect((await server.admin.getRollout('invoicing', id)).state.status).toBe('retired')
  })
})

it('what a person does counts although the controller looks at that moment', async () => {
  const { id } = await start()
  for (const action of ['pause', 'resume', 'pause', 'resume', 'roll-back'] as const) {
    const looking = server.application.runner.lookAtAll()
    await server.admin.actOnRollout('invoicing', id, { action })
    await looking
  }
  expect((await server.admin.getRollout('invoicing', id)).state.status).toBe('rolled-back')
})

it('a rollout does not start where its first stage would take the feature away', async () => {
  await server.admin.setShare(at('new-pdf-engine'), 'rollout', { unit: 'account', percent: 30 })
  await expect(start()).rejects.toMatchObject({ code: 'not-allowed-now', message: expect.stringContaining('30 %') })
  expect(await shareNow()).toBe(30)
})

it('a plan may be written in YAML, and started without a body', async () => {
  const post = (body: string) =>
    fetch(`${server.url}/api/v1/projects/invoicing/rollouts`, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body,
    })
  const plan = `
flag: new-pdf-engine
environment: production
variant: on
unit: account
stages:
  - { percent: 5, hold: PT48H }
  - { percent: 100, hold: PT48H }
`
  const made = await post(plan)
  expect(made.status).toBe(201)
  const rollout = await made.json()
  expect(rollout).toMatchObject({ state: { status: 'draft' }, plan: { ruleId: 'rollout', alpha: 0.05 } })
  const url = `${server.url}/api/v1/projects/invoicing/rollouts/${rollout.id}/start`
  const started = await fetch(url, { method: 'POST' })
  expect(await started.json()).toMatchObject({ state: { status: 'running' } })
  const broken = await post('stages: [')
  expect(broken.status).toBe(400)
  expect(await broken.json()).toMatchObject({ error: { code: 'malformed-json' } })
})

describe('a plan that makes no sense', () => {
  const cases: [string, Partial<PlanInput>, string, RegExp][] = [
    ['on an unknown flag', { flag: 'nobody' }, 'flag-not-found', /nobody/],
    ['on a missing variant', { variant: 'purple' }, 'invalid-plan', /purple.*on, off/],
    ['by an unknown unit', { unit: 'planet' }, 'invalid-plan', /planet.*account/],
    ['by another unit than the rule deals by', { unit: 'user' }, 'invalid-plan', /already deals by account/],
    [
      'with a share that shrinks',
      {
        stages: [
          { percent: 50, hold: 'PT1H' },
          { percent: 5, hold: 'PT1H' },
        ],
      },
      'invalid-plan',
      /larger/,
    ],
    ['with 101 %', { stages: [{ percent: 101, hold: 'PT1H' }] }, 'invalid-plan', /100/],
    ['with a hold that is no duration', { stages: [{ percent: 5, hold: 'two days' }] }, 'invalid-plan', /ISO 8601|PT/],
  ]
  it.each(cases)('%s is refused in words', async (_name, change, code, message) => {
    await expect(server.admin.createRollout('invoicing', { ...PLAN, ...change })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
    expect(await server.admin.listRollouts('invoicing')).toEqual([])
  })
})
