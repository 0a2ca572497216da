import { compile, evaluate } from '@dimmer/engine'
import type { DecisionView, RolloutView } from '@dimmer/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../apps/server/test/test-database.ts'
import { type Account, canaryPlan, contextOf, monthEnd } from '../src/index.ts'
import { createWorld, PRODUCTION, PROJECT, type World } from './story-world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const FLAG = 'new-pdf-engine'
/** Wide enough for a machine that does other work too: here the errors are to decide. */
const PLAN = canaryPlan({ p95MaxMs: 15_000 })

let database: TestDatabase
let world: World
beforeAll(async () => {
  database = await createTestDatabase()
  world = await createWorld({ databaseUrl: database.url, startAt: Date.UTC(2026, 2, 2, 9), instances: 3 })
})
afterAll(async () => {
  await world.stop()
  await database.drop()
})

/** The accounts that get the new engine by the ruleset as it is now. Asked of the engine, so that nobody is exposed. */
async function accountsWithIt(): Promise<Set<string>> {
  const snapshot = compile(await world.ruleset())
  const has = (account: Account) => {
    const [user] = world.population.usersOf(account.id)
    return user !== undefined && evaluate(snapshot, FLAG, contextOf({ account, user }), world.now()).value === true
  }
  return new Set(world.population.accounts.filter(has).map(({ id }) => id))
}

/** Resolves when all instances run the latest version; fails after 5 s. */
async function everywhere(): Promise<void> {
  await expect
    .poll(async () => (await world.admin.receipts(PROJECT, PRODUCTION)).confirmed, { timeout: 5_000 })
    .toBe(world.instances.length)
}

async function startRollout(): Promise<string> {
  const { id } = await world.admin.createRollout(PROJECT, PLAN)
  await world.admin.actOnRollout(PROJECT, id, { action: 'start' })
  await everywhere()
  return id
}

const stateOf = async (id: string): Promise<RolloutView> => world.admin.getRollout(PROJECT, id)

const decisions = async (id: string): Promise<readonly DecisionView[]> =>
  [...(await world.admin.listDecisions(PROJECT, id))].reverse()

it('a defect that hits 3 % of the accounts is rolled back inside stage 1, without a person', async () => {
  await world.deploy('2.0.0')
  const id = await startRollout()
  const inStage = await accountsWithIt()
  expect(inStage.size).toBeGreaterThan(world.population.accounts.length * 0.045)
  expect(inStage.size).toBeLessThanOrEqual(world.population.accounts.length * 0.055)

  const onNew = new Set<string>()
  for (let part = 0; part < 20 && (await stateOf(id)).state.status === 'running'; part++) {
    const summary = await world.traffic(150, `defect ${part}`)
    for (const account of summary.accountsOnNew) onNew.add(account)
    world.pass(5 * MINUTE)
  }

  const rollout = await stateOf(id)
  expect(rollout.state).toMatchObject({ status: 'rolled-back', stage: 0 })
  expect([...onNew].filter(account => !inStage.has(account))).toEqual([])
  expect(rollout.exposedUnits).toBeLessThanOrEqual(inStage.size)
  expect(rollout.exposedUnits).toBe(onNew.size)

  await everywhere()
  expect(await world.admin.receipts(PROJECT, PRODUCTION)).toMatchObject({ instances: 3, confirmed: 3, late: [] })
  expect((await accountsWithIt()).size).toBe(0)

  const last = (await decisions(id)).at(-1)
  expect(last).toMatchObject({ kind: 'roll-back', actor: { kind: 'controller' }, stage: 0 })
  expect(last?.because).toMatchObject({ code: 'breached', guardrailId: 'pdf-errors' })
  const verdict = last?.verdicts.find(({ guardrailId }) => guardrailId === 'pdf-errors')
  expect(verdict?.kind).toBe('breached')
  expect(verdict?.evidence.limit).toBe(2)
  expect(verdict?.evidence.logE).toBeGreaterThanOrEqual(verdict?.evidence.breachAt ?? Number.POSITIVE_INFINITY)
  expect(verdict?.evidence.unitsHit.treated).toBeGreaterThanOrEqual(2)
  expect(last?.sentence).toContain('pdf.generated')
  expect(last?.sentence).toMatch(/\d+ of \d+ exposed accounts/)
}, 170_000)

it('the fixed engine goes through all four stages, nobody loses it, and the flag is stale 14 days later', async () => {
  await world.deploy('2.0.1')
  const id = await startRollout()
  let before = await accountsWithIt()
  for (let part = 0; part < 30 && (await stateOf(id)).state.status === 'running'; part++) {
    const accounts = part < 4 ? 'uniform' : monthEnd(world.population)
    const summary = await world.traffic(600, `fixed ${part}`, accounts)
    const during = [...summary.accountsOnNew].filter(account => !before.has(account))
    expect(during).toEqual([])
    world.pass(12 * HOUR)
    await world.server.application.runner?.lookAtAll()
    await everywhere()
    const after = await accountsWithIt()
    expect([...before].filter(account => !after.has(account))).toEqual([])
    before = after
  }

  expect((await stateOf(id)).state.status).toBe('completed')
  expect(before.size).toBe(world.population.accounts.length)
  const kinds = (await decisions(id)).map(({ kind }) => kind).filter(kind => kind !== 'hold')
  expect(kinds).toEqual(['start', 'expand', 'expand', 'expand', 'complete'])

  const since = (await decisions(id)).findLast(({ kind }) => kind === 'expand')?.at ?? ''
  world.pass(Date.parse(since) + 14 * DAY - world.now())
  expect((await world.admin.staleFlags(PROJECT)).flags.map(({ flag }) => flag)).not.toContain(FLAG)
  world.pass(DAY)
  const { flags } = await world.admin.staleFlags(PROJECT)
  expect(flags).toContainEqual(expect.objectContaining({ flag: FLAG, environment: PRODUCTION, variant: 'on' }))
}, 170_000)
