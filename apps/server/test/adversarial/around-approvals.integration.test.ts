import { AdminApiError, type ChangeRequestView, createAdminClient, REQUEST_HEADER } from '@dimmer/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { applyDue } from '../../src/features/approvals/index.ts'
import { Hub } from '../../src/kernel/hub.ts'
import { SERVING_ROUTES, type ServingRoute } from '../serving-routes.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../visitors.ts'

const { project } = SAMPLE
const FLAG = 'guarded'
const PLACE = at(FLAG)
const PILOTS = { list: { unit: 'account', ids: ['acc-1', 'acc-2'] } }
const WIDER = { list: { unit: 'account', ids: ['acc-1', 'acc-2', 'acc-3'] } }
const POLICY = {
  switch: true,
  targeting: true,
  shareUpBy: 10,
  approvals: 1,
  roles: ['product' as const, 'engineer' as const, 'admin' as const],
}
const CONFIG = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [
    { id: 'outer', when: { segment: 'outer' }, serve: { variant: 'on' } },
    { id: 'share', share: { unit: 'workspace', percent: 5 }, serve: { variant: 'on' } },
  ],
  fallthrough: { variant: 'off' },
}

let server: TestServer
let ada: Visitor
let bert: Visitor
let carl: Visitor
let sdkKey: string
let now = Date.now()
const admin = () => ada.client
const bertsKey = async () => (await bert.client.createPersonalKey({ name: 'script' })).key

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => now } })
  ada = await setUpAdmin(server)
  bert = await joinAs(server, ada, { email: 'bert@example.com', role: 'engineer' })
  carl = await joinAs(server, ada, { email: 'carl@example.com', role: 'product' })
  await admin().setApprovalPolicy(project, 'production', { policy: null })
  await admin().putUnit(project, 'workspace', { attribute: 'workspaceId' })
  await admin().putSegment(project, 'pilots', PILOTS)
  await admin().putSegment(project, 'outer', { when: { segment: 'pilots' } })
  await admin().putSegment(project, 'unused', PILOTS)
  await admin().createFlag(project, { key: FLAG, type: 'boolean', config: CONFIG })
  await admin().createFlag(project, {
    key: 'rolled',
    type: 'boolean',
    config: { on: true, fallthrough: { variant: 'off' } },
  })
  sdkKey = (await admin().createSdkKey(project, 'production', { kind: 'server', name: 'all' })).key
})
afterAll(() => server.stop())

/** Every test begins with the same targeting, under the policy. */
beforeEach(async () => {
  now += 1
  await admin().setApprovalPolicy(project, 'production', { policy: null })
  await admin().putFlagConfig(PLACE, CONFIG)
  await admin().putSegment(project, 'pilots', PILOTS)
  await admin().putSegment(project, 'unused', PILOTS)
  await admin().setApprovalPolicy(project, 'production', { policy: POLICY })
})

async function served(): Promise<string> {
  const answer = await fetch(`${server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${sdkKey}` } })
  return (await answer.text()).replaceAll(/"version":\d+/g, '')
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'nothing refused'
  } catch (error) {
    if (error instanceof AdminApiError) return error.code
    throw error
  }
}

const share = { unit: 'workspace', percent: 60 }
const raise = { title: 'To 60 %', change: { rule: 'share', share } }
const ask = (who = bert) => who.client.requestChange(PLACE, raise)
const askSegment = (who = bert, segment = 'pilots') =>
  who.client.requestSegmentChange(project, segment, { title: 'One more', change: { segment: WIDER } })
const approve = (who: Visitor, { id, revision }: ChangeRequestView) =>
  who.client.approveChange(project, id, { revision })
const apply = (who: Visitor, { id, revision }: ChangeRequestView) => who.client.applyChange(project, id, revision)
const plan = {
  flag: 'rolled',
  environment: 'production',
  variant: 'on',
  unit: 'account',
  ruleId: 'stages',
  stages: [{ percent: 100, hold: 'PT1H' }],
}

type Attempt = readonly [what: string, attempt: () => Promise<unknown>, refusal: string]

/** Bert, an engineer, tries alone to change what production serves: by every route that can, in every way it allows. */
const ATTEMPTS: Readonly<Record<ServingRoute, readonly Attempt[]>> = {
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/switch': [
    ['switching off', () => bert.client.switchFlag(PLACE, false), 'approval-needed'],
  ],
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}': [
    ['another rule', () => bert.client.putFlagConfig(PLACE, { ...CONFIG, rules: [] }), 'approval-needed'],
    ['another off variant', () => bert.client.putFlagConfig(PLACE, { ...CONFIG, offVariant: 'on' }), 'approval-needed'],
    [
      'another prerequisite',
      () => bert.client.putFlagConfig(PLACE, { ...CONFIG, prerequisites: [{ flag: 'rolled', variants: ['on'] }] }),
      'approval-needed',
    ],
    [
      'by a personal key',
      async () =>
        createAdminClient({ url: server.url, token: await bertsKey() }).putFlagConfig(PLACE, { ...CONFIG, rules: [] }),
      'approval-needed',
    ],
  ],
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}/rules/{rule}/share': [
    ['a higher share', () => bert.client.setShare(PLACE, 'share', share), 'approval-needed'],
    [
      'a higher share in small steps',
      async () => {
        const raiseTo = (percent: number) => bert.client.setShare(PLACE, 'share', { unit: 'workspace', percent })
        await raiseTo(10)
        await raiseTo(15)
        return raiseTo(20)
      },
      'approval-needed',
    ],
    [
      'a higher share in small steps, by requests that by themselves need no approval',
      async () => {
        for (const percent of [10, 15, 20]) {
          const change = { rule: 'share', share: { unit: 'workspace', percent } }
          await apply(bert, await bert.client.requestChange(PLACE, { title: `To ${percent} %`, change }))
        }
      },
      'approval-needed',
    ],
    [
      'a share of something else',
      () => bert.client.setShare(PLACE, 'share', { unit: 'account', percent: 5 }),
      'approval-needed',
    ],
  ],
  'DELETE /api/v1/projects/{project}/flags/{flag}': [
    ['archiving', () => bert.client.archiveFlag(project, FLAG), 'approval-needed'],
  ],
  'POST /api/v1/projects/{project}/flags': [
    [
      'a new flag that is on, for code that asks for it already',
      () => bert.client.createFlag(project, { key: 'fresh', type: 'boolean', config: { on: true } }),
      'approval-needed',
    ],
  ],
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/kill': [
    [
      'switching on again after a kill, which is always allowed',
      async () => {
        await admin().createFlag(project, { key: 'victim', type: 'boolean' })
        await bert.client.kill(at('victim'), 0)
        const before = await served()
        const refused = codeOf(bert.client.switchFlag(at('victim'), true))
        expect(await refused).toBe('approval-needed')
        expect(await served()).toBe(before)
        await admin().archiveFlag(project, 'victim')
        return bert.client.switchFlag(PLACE, false)
      },
      'approval-needed',
    ],
  ],
  'PUT /api/v1/projects/{project}/segments/{segment}': [
    [
      'another condition',
      () => bert.client.putSegment(project, 'outer', { when: { attribute: 'plan', op: 'equals', value: 'x' } }),
      'approval-needed',
    ],
    ['another list, in a segment inside it', () => bert.client.putSegment(project, 'pilots', WIDER), 'approval-needed'],
  ],
  'PATCH /api/v1/projects/{project}/segments/{segment}': [
    ['a longer list', () => bert.client.patchSegment(project, 'pilots', WIDER), 'approval-needed'],
    [
      'exceptions',
      () => bert.client.patchSegment(project, 'outer', { exclude: { unit: 'account', ids: ['acc-1'] } }),
      'approval-needed',
    ],
    [
      'by a personal key',
      async () =>
        createAdminClient({ url: server.url, token: await bertsKey() }).patchSegment(project, 'pilots', WIDER),
      'approval-needed',
    ],
  ],
  'DELETE /api/v1/projects/{project}/segments/{segment}': [
    ['a segment that rules name', () => bert.client.deleteSegment(project, 'pilots'), 'segment-in-use'],
  ],
  'PUT /api/v1/projects/{project}/units/{unit}': [
    [
      'another attribute for a unit, by an admin',
      () => admin().putUnit(project, 'workspace', { attribute: 'teamId' }),
      'unit-in-use',
    ],
  ],
  'DELETE /api/v1/projects/{project}/units/{unit}': [
    ['a unit that shares count by', () => admin().deleteUnit(project, 'workspace'), 'unit-in-use'],
  ],
  'PUT /api/v1/projects/{project}/private-attributes': [
    ['what SDKs keep to themselves', () => bert.client.putPrivateAttributes(project, ['plan']), 'forbidden'],
  ],
  'POST /api/v1/projects/{project}/rollouts/{id}/start': [
    [
      'starting the plan that one wrote',
      async () => {
        const { id } = await bert.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'start' })
      },
      'approval-needed',
    ],
    [
      'starting it with a role that the policy does not name',
      async () => {
        await admin().setApprovalPolicy(project, 'production', { policy: { ...POLICY, roles: ['product'] } })
        const { id } = await carl.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'start' })
      },
      'approval-needed',
    ],
    [
      'starting the plan that one wrote, where only a raise by more than a few points needs approval',
      async () => {
        await admin().setApprovalPolicy(project, 'production', { policy: { ...POLICY, targeting: false } })
        const { id } = await bert.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'start' })
      },
      'approval-needed',
    ],
  ],
  'POST /api/v1/projects/{project}/rollouts/{id}/roll-back': [
    [
      'rolling back what was not started',
      async () => {
        const { id } = await bert.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'roll-back' })
      },
      'not-allowed-now',
    ],
  ],
  'POST /api/v1/projects/{project}/change-requests/{id}/apply': [
    ['a request that nobody approved', async () => apply(bert, await ask()), 'approval-needed'],
    ['a segment that nobody approved', async () => apply(bert, await askSegment()), 'approval-needed'],
    [
      'with an approval of oneself, by a personal key',
      async () => {
        const made = await ask()
        const script = createAdminClient({ url: server.url, token: await bertsKey() })
        return script.approveChange(project, made.id, { revision: 1 })
      },
      'own-change',
    ],
    [
      'edited after it was approved',
      async () => {
        const made = await askSegment()
        await approve(carl, made)
        const change = { segment: { when: { attribute: 'plan', op: 'exists' as const } } }
        return apply(bert, await bert.client.editChangeRequest(project, made.id, { change }))
      },
      'approval-needed',
    ],
    [
      'approved by one who edited it before',
      async () => {
        const made = await askSegment()
        return approve(carl, await carl.client.editChangeRequest(project, made.id, {}))
      },
      'own-change',
    ],
    [
      'naming a segment that nobody uses, which is then swapped',
      async () => {
        const rules = [{ id: 'r', when: { segment: 'unused' }, serve: { variant: 'on' } }, ...CONFIG.rules]
        const made = await bert.client.requestChange(PLACE, {
          title: 'For few',
          change: { config: { ...CONFIG, rules } },
        })
        await approve(carl, made)
        await bert.client.putSegment(project, 'unused', { when: { not: { attribute: 'x', op: 'equals', value: 1 } } })
        await expect(served()).resolves.toContain('"unused"')
        return apply(bert, made)
      },
      'version-conflict',
    ],
    [
      'of a segment that was changed since',
      async () => {
        const made = await askSegment()
        await approve(carl, made)
        const second = await bert.client.requestSegmentChange(project, 'pilots', {
          title: 'Nobody',
          change: { segment: { list: { unit: 'account', ids: ['acc-2', 'acc-1'] } } },
        })
        await approve(carl, second)
        await apply(bert, second)
        expect(await bert.client.getChangeRequest(project, made.id)).toMatchObject({ conflict: true })
        return apply(bert, made)
      },
      'version-conflict',
    ],
    [
      'at a time, without approval',
      async () => {
        const made = await askSegment()
        await bert.client.scheduleChange(project, made.id, new Date(now + 1_000).toISOString())
        now += 1_000
        const hub = new Hub<never>(() => undefined)
        const deps = { db: server.db, clock: { now: () => now }, hub, announce: () => undefined }
        await applyDue({ ...deps, guardChange: async () => undefined, countApprovers: async () => 3 })
        expect(await bert.client.getChangeRequest(project, made.id)).toMatchObject({
          status: 'open',
          problem: expect.stringContaining('0 of 1'),
        })
        return apply(bert, made)
      },
      'approval-needed',
    ],
  ],
}

const cases = SERVING_ROUTES.flatMap(route =>
  ATTEMPTS[route].map(([what, attempt, refusal]) => ({ route, what, attempt, refusal })),
)

it.each(cases)('$route, $what: $refusal', async ({ attempt, refusal, what }) => {
  const before = await served()
  expect(await codeOf(attempt())).toBe(refusal)
  // In these something else changes on the way, which is free.
  const aside = ['swapped', 'changed since', 'small steps'].some(part => what.includes(part))
  if (!aside) expect(await served()).toBe(before)
})

describe('a segment that flags of production decide by', () => {
  it('is changed with approval: the request shows what, where and for whom, and is written down', async () => {
    await admin().uploadDirectory(project, {
      accounts: ['acc-1', 'acc-2', 'acc-3'].map(id => ({ id, attributes: {} })),
    })
    const made = await askSegment()
    expect(made).toMatchObject({
      kind: 'segment',
      segment: 'pilots',
      environments: ['production'],
      approvals: { needed: 1, given: 0 },
      reasons: [expect.stringContaining(`"${FLAG}"`)],
      lists: [{ of: 'list', added: 1, removed: 0, addedIds: ['acc-3'] }],
      conflict: false,
    })
    const forecast = await bert.client.forecastChangeRequest(project, made.id)
    expect(forecast.flags.find(({ environment }) => environment === 'production')).toMatchObject({
      flag: FLAG,
      forecast: { accounts: { gains: { count: 1, names: [{ id: 'acc-3' }] }, losses: { count: 0 } } },
    })
    expect(await bert.client.forecastSegment(project, 'pilots', WIDER)).toMatchObject({ more: 0 })
    expect(await approve(carl, made)).toMatchObject({ approvals: { given: 1 } })
    const applied = await apply(bert, made)
    expect(applied).toMatchObject({ status: 'applied', lists: [{ added: 1, addedIds: [] }] })
    expect(await served()).toContain('acc-3')
    const { entries } = await admin().searchAudit(project, { limit: 2 })
    expect(entries.map(({ verb, object }) => [verb, object.kind]).sort()).toEqual([
      ['apply', 'change-request'],
      ['change', 'segment'],
    ])
  })

  it('goes through by break-glass with a reason, and that stands out', async () => {
    const answer = await bert.fetch(`/api/v1/projects/${project}/segments/pilots`, {
      method: 'PATCH',
      body: JSON.stringify(WIDER),
      headers: { 'content-type': 'application/json', 'dimmer-break-glass': 'A%20customer%20is%20down' },
    })
    expect(answer.status, await answer.text()).toBe(200)
    expect((await admin().searchAudit(project, { flagged: 'break-glass', limit: 1 })).entries).toMatchObject([
      { verb: 'change', object: { kind: 'segment', key: 'pilots' }, comment: 'A customer is down' },
    ])
  })

  it('can be renamed, and is free where nobody decides by it or the flag is off', async () => {
    await bert.client.patchSegment(project, 'pilots', { name: 'Pilot accounts' })
    await bert.client.patchSegment(project, 'unused', WIDER)
    await bert.client.kill(PLACE, 0)
    await bert.client.patchSegment(project, 'pilots', WIDER)
    expect(await codeOf(bert.client.switchFlag(PLACE, true))).toBe('approval-needed')
  })

  it('needs the approvals of every environment that it reaches', async () => {
    const policy = { ...POLICY, approvals: 2, roles: ['admin' as const, 'product' as const] }
    await admin().setApprovalPolicy(project, 'development', { policy })
    const made = await askSegment()
    expect(made).toMatchObject({
      environments: ['development', 'production'],
      approvals: { needed: 2 },
    })
    await approve(carl, made)
    expect(await codeOf(apply(bert, made))).toBe('approval-needed')
    await approve(ada, made)
    await apply(bert, made)
    await admin().setApprovalPolicy(project, 'development', { policy: null })
  })
})

it('small raises are free again from the share that others approved, and a day later', async () => {
  const raiseTo = (percent: number) => bert.client.setShare(PLACE, 'share', { unit: 'workspace', percent })
  const made = await ask()
  await approve(carl, made)
  await apply(bert, made)
  await raiseTo(70)
  expect(await codeOf(raiseTo(71))).toBe('approval-needed')
  now += 24 * 3_600_000 + 1
  await raiseTo(80)
  expect(await codeOf(raiseTo(81))).toBe('approval-needed')
})

it('an approved request is refused where its custom unit counts by another attribute since', async () => {
  await admin().putUnit(project, 'team', { attribute: 'teamId' })
  const rules = [{ id: 'r', share: { unit: 'team', percent: 1 }, serve: { variant: 'on' } }]
  const made = await bert.client.requestChange(PLACE, { title: 'Teams', change: { config: { ...CONFIG, rules } } })
  await approve(carl, made)
  await admin().putUnit(project, 'team', { attribute: 'squadId' })
  expect(await codeOf(apply(bert, made))).toBe('version-conflict')
  const again = await bert.client.editChangeRequest(project, made.id, {})
  expect(again).toMatchObject({ conflict: false, approvals: { given: 0 } })
})

it('an SDK key opens no route for people', async () => {
  const answer = await fetch(`${server.url}/api/v1/projects/${project}/segments/pilots`, {
    method: 'PATCH',
    body: JSON.stringify(WIDER),
    headers: { authorization: `Bearer ${sdkKey}`, 'content-type': 'application/json', [REQUEST_HEADER]: '1' },
  })
  expect([401, 403]).toContain(answer.status)
})
