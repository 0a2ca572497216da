import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

/** Changes nothing that people have set: asks, reports or measures. */
const NO_CHANGE: ReadonlySet<string> = new Set([
  'POST /api/v1/projects/{project}/environments/{environment}/explain',
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/forecast',
  'POST /ofrep/v1/evaluate/flags',
  'POST /ofrep/v1/evaluate/flags/{key}',
  'POST /sdk/v1/events',
  'POST /api/v1/events',
  'POST /api/v1/projects/{project}/environments/{environment}/events',
  'POST /sdk/v1/receipts',
])

const P = `/api/v1/projects/${SAMPLE.project}`
const FLAG = `${P}/flags/new-pdf-engine`
const CONFIG = `${FLAG}/environments/production`
const KEYS = `${P}/environments/production/keys`

interface Call {
  readonly path: string
  readonly body?: unknown
}
/** A call that succeeds, made when its turn comes: it may need what those before it have made. */
type MakeCall = () => Call | Promise<Call>

const config = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [{ id: 'rollout', share: { unit: 'account', percent: 1 }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
}
const plan = (flag: string) => ({
  flag,
  environment: 'production',
  variant: 'on',
  unit: 'account',
  ruleId: 'stages',
  stages: [
    { percent: 10, hold: 'PT1H' },
    { percent: 100, hold: 'PT1H' },
  ],
})

/** Starts a rollout of a new flag and gives the address of what can be done with it. */
let rollouts = 0
async function rollout(start: boolean): Promise<string> {
  const flag = `rolled-${rollouts++}`
  const { admin } = server
  await admin.createFlag(SAMPLE.project, {
    key: flag,
    type: 'boolean',
    config: { on: true, fallthrough: { variant: 'off' } },
  })
  const { id } = await admin.createRollout(SAMPLE.project, plan(flag))
  if (start) await admin.actOnRollout(SAMPLE.project, id, { action: 'start' })
  return `${P}/rollouts/${id}`
}
const act =
  (action: string, start: boolean, first?: 'pause'): MakeCall =>
  async () => {
    const path = await rollout(start)
    if (first !== undefined) await send('POST', { path: `${path}/${first}`, body: {} })
    return { path: `${path}/${action}`, body: {} }
  }

/** One call for every route that changes something. A new route needs a line here, and an entry in the journal. */
const CALLS: Readonly<Record<string, MakeCall>> = {
  'POST /api/v1/projects': () => ({ path: '/api/v1/projects', body: { key: 'second', name: 'Second' } }),
  'PUT /api/v1/projects/{project}/units/{unit}': () => ({
    path: `${P}/units/workspace`,
    body: { attribute: 'workspaceId' },
  }),
  'DELETE /api/v1/projects/{project}/units/{unit}': () => ({ path: `${P}/units/workspace` }),
  'POST /api/v1/projects/{project}/environments/{environment}/keys': () => ({
    path: KEYS,
    body: { kind: 'server', name: 'one' },
  }),
  'DELETE /api/v1/projects/{project}/environments/{environment}/keys/{id}': async () => {
    const { id } = await server.admin.createSdkKey(SAMPLE.project, 'production', { kind: 'server', name: 'two' })
    return { path: `${KEYS}/${id}` }
  },
  'PUT /api/v1/projects/{project}/segments/{segment}': () => ({
    path: `${P}/segments/pilots`,
    body: { when: { attribute: 'plan', op: 'equals', value: 'pilot' } },
  }),
  'DELETE /api/v1/projects/{project}/segments/{segment}': () => ({ path: `${P}/segments/pilots` }),
  'POST /api/v1/projects/{project}/directory': () => ({
    path: `${P}/directory`,
    body: { accounts: [{ id: 'acc-1', attributes: { plan: 'pro' } }] },
  }),
  'POST /api/v1/projects/{project}/flags': () => ({ path: `${P}/flags`, body: { key: 'made', type: 'boolean' } }),
  'PATCH /api/v1/projects/{project}/flags/{flag}': () => ({ path: FLAG, body: { name: 'PDF' } }),
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}': () => ({ path: CONFIG, body: config }),
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/switch': () => ({
    path: `${CONFIG}/switch`,
    body: { on: false },
  }),
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}/rules/{rule}/share': () => ({
    path: `${CONFIG}/rules/rollout/share`,
    body: { unit: 'account', percent: 2 },
  }),
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/kill': () => ({
    path: `${CONFIG}/kill?waitMs=0`,
  }),
  'DELETE /api/v1/projects/{project}/flags/{flag}': () => ({ path: `${P}/flags/made` }),
  'POST /api/v1/projects/{project}/rollouts': () => ({ path: `${P}/rollouts`, body: plan('ai-chatbot') }),
  'POST /api/v1/projects/{project}/rollouts/{id}/start': act('start', false),
  'POST /api/v1/projects/{project}/rollouts/{id}/pause': act('pause', true),
  'POST /api/v1/projects/{project}/rollouts/{id}/resume': act('resume', true, 'pause'),
  'POST /api/v1/projects/{project}/rollouts/{id}/roll-back': act('roll-back', true),
  'POST /api/v1/projects/{project}/rollouts/{id}/abort': act('abort', true),
  'POST /api/v1/projects/{project}/rollouts/{id}/retire': async () => {
    const path = await rollout(true)
    await sql`update rollouts set state = state || '{"status":"completed","completedAt":1}'
      where id = ${path.split('/').at(-1) ?? ''}`.execute(server.db)
    return { path: `${path}/retire`, body: {} }
  },
}

const send = (method: string, { path, body }: Call) =>
  fetch(`${server.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

async function mutatingRoutes(): Promise<readonly string[]> {
  const document: unknown = await (await fetch(`${server.url}/api/v1/openapi.json`)).json()
  const paths = isRecord(document) && isRecord(document.paths) ? document.paths : {}
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(isRecord(methods) ? methods : {})
      .filter(method => !['get', 'head', 'options'].includes(method))
      .map(method => `${method.toUpperCase()} ${path}`),
  )
}

describe('the journal', () => {
  it('knows every route that changes something', async () => {
    const routes = await mutatingRoutes()
    expect(routes.length).toBeGreaterThan(20)
    expect(routes.filter(route => !NO_CHANGE.has(route) && !Object.hasOwn(CALLS, route))).toEqual([])
    expect([...NO_CHANGE, ...Object.keys(CALLS)].filter(route => !routes.includes(route))).toEqual([])
  })

  it.each(Object.entries(CALLS))('has an entry of %s', async (route, makeCall) => {
    const call = await makeCall()
    const before = await server.admin.verifyAudit()
    const answer = await send(route.split(' ')[0] ?? '', call)
    expect(answer.ok, await answer.text()).toBe(true)
    const after = await server.admin.verifyAudit()
    expect(after.intact).toBe(true)
    expect(after.entries).toBeGreaterThan(before.entries)
    const { entries } = await server.admin.searchAudit(undefined, { limit: 20, actor: 'local' })
    expect(entries[0]?.seq).toBeGreaterThan(before.entries)
  })
})
