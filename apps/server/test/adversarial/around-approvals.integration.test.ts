import { REQUEST_HEADER } from '@dimmer/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../refusals.ts'
import { SERVING_ROUTES } from '../serving-routes.ts'
import { SAMPLE } from '../test-server.ts'
import { CONFIG, FLAG, type GuardedWorld, PLACE, POLICY, startGuardedWorld, WIDER } from './guarded-world.ts'
import { WAYS_AROUND } from './ways-around.ts'

const { project } = SAMPLE

let world: GuardedWorld
beforeAll(async () => {
  world = await startGuardedWorld()
})
afterAll(() => world.server.stop())
beforeEach(() => world.reset())

const cases = SERVING_ROUTES.flatMap(route =>
  WAYS_AROUND[route].map(([what, attempt, refusal]) => ({ route, what, attempt, refusal })),
)

it.each(cases)('$route, $what: $refusal', async ({ attempt, refusal, what }) => {
  const before = await world.served()
  expect(await codeOf(attempt(world))).toBe(refusal)
  // In these something else changes on the way, which is free.
  const aside = ['swapped', 'changed since', 'small steps'].some(part => what.includes(part))
  if (!aside) expect(await world.served()).toBe(before)
})

describe('a segment that flags of production decide by', () => {
  it('is changed with approval: the request shows what, where and for whom, and is written down', async () => {
    await world.ada.client.uploadDirectory(project, {
      accounts: ['acc-1', 'acc-2', 'acc-3'].map(id => ({ id, attributes: {} })),
    })
    const made = await world.askSegment()
    expect(made).toMatchObject({
      kind: 'segment',
      segment: 'pilots',
      environments: ['production'],
      approvals: { needed: 1, given: 0 },
      reasons: [expect.stringContaining(`"${FLAG}"`)],
      lists: [{ of: 'list', added: 1, removed: 0, addedIds: ['acc-3'] }],
      conflict: false,
    })
    const forecast = await world.bert.client.forecastChangeRequest(project, made.id)
    expect(forecast.flags.find(({ environment }) => environment === 'production')).toMatchObject({
      flag: FLAG,
      forecast: { accounts: { gains: { count: 1, names: [{ id: 'acc-3' }] }, losses: { count: 0 } } },
    })
    expect(await world.bert.client.forecastSegment(project, 'pilots', WIDER)).toMatchObject({ more: 0 })
    expect(await world.approve(world.carl, made)).toMatchObject({ approvals: { given: 1 } })
    const applied = await world.apply(world.bert, made)
    expect(applied).toMatchObject({ status: 'applied', lists: [{ added: 1, addedIds: [] }] })
    expect(await world.served()).toContain('acc-3')
    const { entries } = await world.ada.client.searchAudit(project, { limit: 2 })
    expect(entries.map(({ verb, object }) => [verb, object.kind]).sort()).toEqual([
      ['apply', 'change-request'],
      ['change', 'segment'],
    ])
  })

  it('goes through by break-glass with a reason, and that stands out', async () => {
    const answer = await world.bert.fetch(`/api/v1/projects/${project}/segments/pilots`, {
      method: 'PATCH',
      body: JSON.stringify(WIDER),
      headers: { 'content-type': 'application/json', 'dimmer-break-glass': 'A%20customer%20is%20down' },
    })
    expect(answer.status, await answer.text()).toBe(200)
    expect((await world.ada.client.searchAudit(project, { flagged: 'break-glass', limit: 1 })).entries).toMatchObject([
      { verb: 'change', object: { kind: 'segment', key: 'pilots' }, comment: 'A customer is down' },
    ])
  })

  it('can be renamed, and is free where nobody decides by it or the flag is off', async () => {
    await world.bert.client.patchSegment(project, 'pilots', { name: 'Pilot accounts' })
    await world.bert.client.patchSegment(project, 'unused', WIDER)
    await world.bert.client.kill(PLACE, 0)
    await world.bert.client.patchSegment(project, 'pilots', WIDER)
    expect(await codeOf(world.bert.client.switchFlag(PLACE, true))).toBe('approval-needed')
  })

  it('needs the approvals of every environment that it reaches', async () => {
    const policy = { ...POLICY, approvals: 2, roles: ['admin' as const, 'product' as const] }
    await world.ada.client.setApprovalPolicy(project, 'development', { policy })
    const made = await world.askSegment()
    expect(made).toMatchObject({
      environments: ['development', 'production'],
      approvals: { needed: 2 },
    })
    await world.approve(world.carl, made)
    expect(await codeOf(world.apply(world.bert, made))).toBe('approval-needed')
    await world.approve(world.ada, made)
    await world.apply(world.bert, made)
    await world.ada.client.setApprovalPolicy(project, 'development', { policy: null })
  })
})

it('small raises are free again from the share that others approved, and a day later', async () => {
  const raiseTo = (percent: number) => world.bert.client.setShare(PLACE, 'share', { unit: 'workspace', percent })
  const made = await world.ask()
  await world.approve(world.carl, made)
  await world.apply(world.bert, made)
  await raiseTo(70)
  expect(await codeOf(raiseTo(71))).toBe('approval-needed')
  world.clock.at += 24 * 3_600_000 + 1
  await raiseTo(80)
  expect(await codeOf(raiseTo(81))).toBe('approval-needed')
})

it('an approved request is refused where its custom unit counts by another attribute since', async () => {
  await world.ada.client.putUnit(project, 'team', { attribute: 'teamId' })
  const rules = [{ id: 'r', share: { unit: 'team', percent: 1 }, serve: { variant: 'on' } }]
  const made = await world.bert.client.requestChange(PLACE, {
    title: 'Teams',
    change: { config: { ...CONFIG, rules } },
  })
  await world.approve(world.carl, made)
  await world.ada.client.putUnit(project, 'team', { attribute: 'squadId' })
  expect(await codeOf(world.apply(world.bert, made))).toBe('version-conflict')
  const again = await world.bert.client.editChangeRequest(project, made.id, {})
  expect(again).toMatchObject({ conflict: false, approvals: { given: 0 } })
})

it('an SDK key opens no route for people', async () => {
  const { key } = await world.ada.client.createSdkKey(project, 'production', { kind: 'server', name: 'another' })
  const answer = await fetch(`${world.server.url}/api/v1/projects/${project}/segments/pilots`, {
    method: 'PATCH',
    body: JSON.stringify(WIDER),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', [REQUEST_HEADER]: '1' },
  })
  expect([401, 403]).toContain(answer.status)
})
