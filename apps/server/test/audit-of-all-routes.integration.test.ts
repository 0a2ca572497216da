import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SERVING_ROUTES } from './serving-routes.ts'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'
import { joinAs, PASSWORD, setUpAdmin, type Visitor, visit } from './visitors.ts'

let server: TestServer
let ada: Visitor
let bert: Visitor
let sdkKey: string
beforeAll(async () => {
  server = await startTestServer()
  ada = await setUpAdmin(server)
  bert = await joinAs(server, ada, { email: 'bert@example.com', role: 'engineer' })
  await ada.client.setApprovalPolicy(SAMPLE.project, SAMPLE.environment, { policy: null })
  sdkKey = (await ada.client.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'server', name: 'all' })).key
})
afterAll(() => server.stop())

/** Changes nothing that people have set: asks, reports or measures. */
const NO_CHANGE: ReadonlySet<string> = new Set([
  'POST /api/v1/projects/{project}/environments/{environment}/explain',
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/forecast',
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/forecast/names',
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/experiment',
  'POST /api/v1/links/look',
  'POST /api/v1/projects/{project}/segments/{segment}/members',
  'POST /api/v1/projects/{project}/segments/{segment}/forecast',
  // Sends again what is kept anyway.
  'POST /api/v1/projects/{project}/environments/{environment}/connections/{connection}/undelivered/retry',
  // Its entry is in the tests of `access`: it works once, on a fresh installation.
  'POST /api/v1/setup',
  'POST /ofrep/v1/evaluate/flags',
  'POST /ofrep/v1/evaluate/flags/{*}',
  'POST /sdk/v1/events',
  'POST /sdk/v1/event-batches',
  'POST /sdk/v1/instances',
  'POST /api/v1/events',
  'POST /api/v1/projects/{project}/environments/{environment}/events',
  'POST /sdk/v1/receipts',
])

const P = `/api/v1/projects/${SAMPLE.project}`
const FLAG = `${P}/flags/new-pdf-engine`
const CONFIG = `${FLAG}/environments/production`
const KEYS = `${P}/environments/production/keys`
const SIGNING = `${P}/environments/production/context-signing`

interface Call {
  readonly path: string
  readonly body?: unknown
  readonly csv?: string
  /** Absent: Ada, an admin of everything. */
  readonly as?: Visitor
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
  const admin = ada.client
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

/** Somebody who has just joined. */
let joined = 0
const ids: string[] = []
const newcomer = async () => {
  const visitor = await joinAs(server, ada, { email: `new-${joined++}@example.com`, role: 'viewer' })
  ids.push(await memberId(visitor))
  return visitor
}
const memberId = async (visitor: Visitor) => (await visitor.client.session()).person?.id ?? ''

/** A change request of Bert's, in an environment of its own kind: nothing there needs approval. */
const request = async (): Promise<string> => {
  const change = { on: true }
  const { id } = await bert.client.requestChange(at('maintenance-mode'), { title: 'On', change })
  return `${P}/change-requests/${id}`
}
const onRequest =
  (action: string, body: unknown): MakeCall =>
  async () => ({ path: `${await request()}/${action}`, body })

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
    const { id } = await ada.client.createSdkKey(SAMPLE.project, 'production', { kind: 'server', name: 'two' })
    return { path: `${KEYS}/${id}` }
  },
  'POST /api/v1/projects/{project}/environments/{environment}/context-signing/secrets': () => ({
    path: `${SIGNING}/secrets`,
    body: { name: 'shop' },
  }),
  'PUT /api/v1/projects/{project}/environments/{environment}/context-signing': () => ({
    path: SIGNING,
    body: { attributes: ['accountId'] },
  }),
  'DELETE /api/v1/projects/{project}/environments/{environment}/context-signing/secrets/{id}': async () => {
    const { secrets } = await ada.client.contextSigning(SAMPLE.project, 'production')
    return { path: `${SIGNING}/secrets/${secrets[0]?.id}` }
  },
  'PUT /api/v1/projects/{project}/segments/{segment}': () => ({
    path: `${P}/segments/pilots`,
    body: { when: { attribute: 'plan', op: 'equals', value: 'pilot' } },
  }),
  'PATCH /api/v1/projects/{project}/segments/{segment}': () => ({
    path: `${P}/segments/pilots`,
    body: { list: { unit: 'account', ids: ['acc-1'] } },
  }),
  'POST /api/v1/projects/{project}/segments/{segment}/change-requests': () => ({
    path: `${P}/segments/pilots/change-requests`,
    body: { title: 'More', change: { segment: { list: { unit: 'account', ids: ['acc-1', 'acc-2'] } } } },
  }),
  'DELETE /api/v1/projects/{project}/segments/{segment}': () => ({ path: `${P}/segments/pilots` }),
  'PUT /api/v1/projects/{project}/metrics/{metric}': () => ({
    path: `${P}/metrics/pdf-adoption`,
    body: { kind: 'adoption', event: 'pdf.exported' },
  }),
  'DELETE /api/v1/projects/{project}/metrics/{metric}': () => ({ path: `${P}/metrics/pdf-adoption` }),
  'POST /api/v1/projects/{project}/directory': () => ({
    path: `${P}/directory`,
    body: { accounts: [{ id: 'acc-1', attributes: { plan: 'pro' } }] },
  }),
  'PUT /api/v1/projects/{project}/private-attributes': () => ({
    path: `${P}/private-attributes`,
    body: { attributes: ['email'] },
  }),
  'DELETE /api/v1/projects/{project}/directory/{unit}/{id}': () => ({ path: `${P}/directory/account/acc-1` }),
  'POST /api/v1/projects/{project}/directory/csv': () => ({
    path: `${P}/directory/csv?of=account`,
    csv: 'id,plan\nacc-7,pro\n',
  }),
  'POST /api/v1/projects/{project}/environments/{environment}/tickets/csv': () => ({
    path: `${P}/environments/production/tickets/csv`,
    csv: 'id,at,accountId,subject\nt-1,2026-01-01T00:00:00Z,acc-7,Broken\n',
  }),
  'POST /api/v1/projects/{project}/environments/{environment}/connections': () => ({
    path: `${P}/environments/production/connections`,
    body: { key: 'desk', name: 'Desk', kind: 'tickets' },
  }),
  'DELETE /api/v1/projects/{project}/environments/{environment}/connections/{connection}': () => ({
    path: `${P}/environments/production/connections/desk`,
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
    path: `${P}/flags/redesigned-dashboard/environments/production/kill?waitMs=0`,
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
  'PUT /api/v1/projects/{project}/environments/{environment}/approval-policy': () => ({
    path: `${P}/environments/development/approval-policy`,
    body: { policy: null },
  }),
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/change-requests': () => ({
    path: `${CONFIG}/change-requests`,
    body: { title: 'On', change: { on: true } },
  }),
  'PUT /api/v1/projects/{project}/change-requests/{id}': async () => ({
    path: await request(),
    body: { change: { on: true } },
  }),
  'POST /api/v1/projects/{project}/change-requests/{id}/approve': onRequest('approve', { revision: 1 }),
  'POST /api/v1/projects/{project}/change-requests/{id}/reject': onRequest('reject', { revision: 1, comment: 'No' }),
  'POST /api/v1/projects/{project}/change-requests/{id}/comment': onRequest('comment', { comment: 'Hm' }),
  'POST /api/v1/projects/{project}/change-requests/{id}/schedule': onRequest('schedule', {
    at: '2999-01-01T00:00:00Z',
  }),
  'POST /api/v1/projects/{project}/change-requests/{id}/cancel': onRequest('cancel', undefined),
  'POST /api/v1/projects/{project}/change-requests/{id}/apply': onRequest('apply', { revision: 1 }),
  'POST /api/v1/projects/{project}/invitations': () => ({
    path: `${P}/invitations`,
    body: { email: 'invited@example.com', role: 'viewer', environments: {} },
  }),
  'DELETE /api/v1/projects/{project}/invitations/{id}': async () => {
    const [invitation] = await ada.client.listInvitations(SAMPLE.project)
    return { path: `${P}/invitations/${invitation?.id}` }
  },
  'POST /api/v1/links/use': async () => {
    const invitation = { email: 'taken@example.com', role: 'viewer' } as const
    const { token } = await ada.client.invite(SAMPLE.project, invitation)
    return { path: '/api/v1/links/use', body: { token, name: 'Taken', password: PASSWORD }, as: visit(server.url) }
  },
  'POST /api/v1/session': () => ({
    path: '/api/v1/session',
    body: { email: 'bert@example.com', password: PASSWORD },
    as: visit(server.url),
  }),
  'DELETE /api/v1/session': async () => ({ path: '/api/v1/session', as: await newcomer() }),
  'PUT /api/v1/me/password': async () => ({
    path: '/api/v1/me/password',
    body: { current: PASSWORD, password: 'another horse entirely' },
    as: await newcomer(),
  }),
  'DELETE /api/v1/me/sessions': async () => ({ path: '/api/v1/me/sessions', as: await newcomer() }),
  'DELETE /api/v1/me/sessions/{id}': async () => {
    const as = await newcomer()
    const [session] = await as.client.listSessions()
    return { path: `/api/v1/me/sessions/${session?.id}`, as }
  },
  'POST /api/v1/me/keys': () => ({ path: '/api/v1/me/keys', body: { name: 'script' } }),
  'DELETE /api/v1/me/keys/{id}': async () => {
    const { id } = await ada.client.createPersonalKey({ name: 'old script' })
    return { path: `/api/v1/me/keys/${id}` }
  },
  'PUT /api/v1/projects/{project}/members/{person}': () => ({
    path: `${P}/members/${ids[0]}`,
    body: { role: 'support', environments: {} },
  }),
  'DELETE /api/v1/projects/{project}/members/{person}': () => ({ path: `${P}/members/${ids[1]}` }),
  'PUT /api/v1/people/{person}/role': () => ({
    path: `/api/v1/people/${ids[0]}/role`,
    body: { role: 'viewer' },
  }),
  'POST /api/v1/people/{person}/password-link': () => ({
    path: `/api/v1/people/${ids[0]}/password-link`,
  }),
  'DELETE /api/v1/people/{person}': () => ({ path: `/api/v1/people/${ids[1]}` }),
}

const typed = (body: string, type: string) => ({ body, headers: { 'content-type': type } })

const send = (method: string, { path, body, csv, as = ada }: Call) =>
  as.fetch(path, {
    method,
    ...(body === undefined ? {} : typed(JSON.stringify(body), 'application/json')),
    ...(csv === undefined ? {} : typed(csv, 'text/csv')),
  })

/** What an SDK of production gets, whatever its version is called. */
async function served(): Promise<string> {
  const answer = await fetch(`${server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${sdkKey}` } })
  return (await answer.text()).replaceAll(/"version":\d+/g, '')
}

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

const changing = new Set<string>()

describe('the journal', () => {
  it('knows every route that changes something', async () => {
    const routes = await mutatingRoutes()
    expect(routes.length).toBeGreaterThan(20)
    expect(routes.filter(route => !NO_CHANGE.has(route) && !Object.hasOwn(CALLS, route))).toEqual([])
    expect([...NO_CHANGE, ...Object.keys(CALLS)].filter(route => !routes.includes(route))).toEqual([])
  })

  it.each(Object.entries(CALLS))('has an entry of %s', async (route, makeCall) => {
    const call = await makeCall()
    const before = (await ada.client.verifyAudit()).entries
    const ruleset = await served()
    const answer = await send(route.split(' ')[0] ?? '', call)
    expect(answer.ok, await answer.text()).toBe(true)
    if ((await served()) !== ruleset) changing.add(route)
    const { entries } = await ada.client.searchAudit(undefined, { limit: 50 })
    const written = entries.filter(({ seq, who }) => seq > before && who.kind === 'person')
    expect(written).not.toEqual([])
    expect(await ada.client.verifyAudit()).toMatchObject({ intact: true })
  })

  it('and these are all routes that change what SDKs are served', () => {
    expect([...changing].sort()).toEqual([...SERVING_ROUTES])
  })
})
