/** A call of every route that changes something. */
import { sql } from 'kysely'
import { at, SAMPLE, type TestServer } from './test-server.ts'
import { joinAs, PASSWORD, type Visitor, visit } from './visitors.ts'

const P = `/api/v1/projects/${SAMPLE.project}`
const FLAG = `${P}/flags/new-pdf-engine`
const CONFIG = `${FLAG}/environments/production`
const KEYS = `${P}/environments/production/keys`
const SIGNING = `${P}/environments/production/context-signing`

export interface Call {
  readonly path: string
  readonly body?: unknown
  readonly csv?: string
  /** Absent: Ada, an admin of everything. */
  readonly as?: Visitor
}
/** Who is there, and who has joined meanwhile. */
export interface AuditedWorld {
  readonly server: TestServer
  /** An admin of everything. */
  readonly ada: Visitor
  /** An engineer. */
  readonly bert: Visitor
  /** Ids of people who joined. */
  readonly joined: string[]
}

/** A call that succeeds, made when its turn comes: it may need what those before it have made. */
export type MakeCall = (world: AuditedWorld) => Call | Promise<Call>

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
async function rollout({ ada }: AuditedWorld, start: boolean): Promise<string> {
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
  async world => {
    const path = await rollout(world, start)
    if (first !== undefined) await world.ada.fetch(`${path}/${first}`, { method: 'POST' })
    return { path: `${path}/${action}`, body: {} }
  }

/** Somebody who has just joined. */
const newcomer = async ({ server, ada, joined }: AuditedWorld) => {
  const visitor = await joinAs(server, ada, { email: `new-${joined.length}@example.com`, role: 'viewer' })
  joined.push((await visitor.client.session()).person?.id ?? '')
  return visitor
}

/** A change request of Bert's, in an environment of its own kind: nothing there needs approval. */
const request = async ({ bert }: AuditedWorld): Promise<string> => {
  const change = { on: true }
  const { id } = await bert.client.requestChange(at('maintenance-mode'), { title: 'On', change })
  return `${P}/change-requests/${id}`
}
const onRequest =
  (action: string, body: unknown): MakeCall =>
  async world => ({ path: `${await request(world)}/${action}`, body })

/** One call for every route that changes something. A new route needs a line here, and an entry in the journal. */
export const AUDITED_CALLS: Readonly<Record<string, MakeCall>> = {
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
  'DELETE /api/v1/projects/{project}/environments/{environment}/keys/{id}': async ({ ada }) => {
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
  'DELETE /api/v1/projects/{project}/environments/{environment}/context-signing/secrets/{id}': async ({ ada }) => {
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
  'POST /api/v1/projects/{project}/rollouts/{id}/retire': async world => {
    const path = await rollout(world, true)
    await sql`update rollouts set state = state || '{"status":"completed","completedAt":1}'
      where id = ${path.split('/').at(-1) ?? ''}`.execute(world.server.db)
    return { path: `${path}/retire`, body: {} }
  },
  'POST /api/v1/projects/{project}/rollouts/{id}/approve': async ({ ada, bert }) => {
    const policy = { switch: false, targeting: true, shareUpBy: null, approvals: 2, roles: ['admin' as const] }
    await ada.client.setApprovalPolicy(SAMPLE.project, 'development', { policy })
    const asked = { ...plan('ai-chatbot'), environment: 'development' }
    const { id } = await bert.client.createRollout(SAMPLE.project, asked)
    return { path: `${P}/rollouts/${id}/approve`, body: { note: 'Good' } }
  },
  'PUT /api/v1/projects/{project}/environments/{environment}/approval-policy': () => ({
    path: `${P}/environments/development/approval-policy`,
    body: { policy: null },
  }),
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/change-requests': () => ({
    path: `${CONFIG}/change-requests`,
    body: { title: 'On', change: { on: true } },
  }),
  'PUT /api/v1/projects/{project}/change-requests/{id}': async world => ({
    path: await request(world),
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
  'DELETE /api/v1/projects/{project}/invitations/{id}': async ({ ada }) => {
    const [invitation] = await ada.client.listInvitations(SAMPLE.project)
    return { path: `${P}/invitations/${invitation?.id}` }
  },
  'POST /api/v1/links/use': async ({ server, ada }) => {
    const invitation = { email: 'taken@example.com', role: 'viewer' } as const
    const { token } = await ada.client.invite(SAMPLE.project, invitation)
    return { path: '/api/v1/links/use', body: { token, name: 'Taken', password: PASSWORD }, as: visit(server.url) }
  },
  'POST /api/v1/session': ({ server }) => ({
    path: '/api/v1/session',
    body: { email: 'bert@example.com', password: PASSWORD },
    as: visit(server.url),
  }),
  'DELETE /api/v1/session': async world => ({ path: '/api/v1/session', as: await newcomer(world) }),
  'PUT /api/v1/me/password': async world => ({
    path: '/api/v1/me/password',
    body: { current: PASSWORD, password: 'another horse entirely' },
    as: await newcomer(world),
  }),
  'DELETE /api/v1/me/sessions': async world => ({ path: '/api/v1/me/sessions', as: await newcomer(world) }),
  'DELETE /api/v1/me/sessions/{id}': async world => {
    const as = await newcomer(world)
    const [session] = await as.client.listSessions()
    return { path: `/api/v1/me/sessions/${session?.id}`, as }
  },
  'POST /api/v1/me/keys': () => ({ path: '/api/v1/me/keys', body: { name: 'script' } }),
  'DELETE /api/v1/me/keys/{id}': async ({ ada }) => {
    const { id } = await ada.client.createPersonalKey({ name: 'old script' })
    return { path: `/api/v1/me/keys/${id}` }
  },
  'PUT /api/v1/projects/{project}/members/{person}': ({ joined }) => ({
    path: `${P}/members/${joined[0]}`,
    body: { role: 'support', environments: {} },
  }),
  'DELETE /api/v1/projects/{project}/members/{person}': ({ joined }) => ({ path: `${P}/members/${joined[1]}` }),
  'PUT /api/v1/people/{person}/role': ({ joined }) => ({
    path: `/api/v1/people/${joined[0]}/role`,
    body: { role: 'viewer' },
  }),
  'POST /api/v1/people/{person}/password-link': ({ joined }) => ({
    path: `/api/v1/people/${joined[0]}/password-link`,
  }),
  'POST /api/v1/people/{person}/disable': ({ joined }) => ({ path: `/api/v1/people/${joined[0]}/disable` }),
  'POST /api/v1/people/{person}/enable': ({ joined }) => ({ path: `/api/v1/people/${joined[0]}/enable` }),
  'DELETE /api/v1/people/{person}': ({ joined }) => ({ path: `/api/v1/people/${joined[1]}` }),
}
