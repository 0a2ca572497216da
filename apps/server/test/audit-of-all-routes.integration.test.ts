import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AUDITED_CALLS, type AuditedWorld, type Call } from './audited-calls.ts'
import { SERVING_ROUTES } from './serving-routes.ts'
import { SAMPLE, startTestServer } from './test-server.ts'
import { joinAs, setUpAdmin } from './visitors.ts'

let world: AuditedWorld
let sdkKey: string
beforeAll(async () => {
  const server = await startTestServer()
  const ada = await setUpAdmin(server)
  const bert = await joinAs(server, ada, { email: 'bert@example.com', role: 'engineer' })
  world = { server, ada, bert, joined: [] }
  await ada.client.setApprovalPolicy(SAMPLE.project, SAMPLE.environment, { policy: null })
  sdkKey = (await ada.client.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'server', name: 'all' })).key
})
afterAll(() => world.server.stop())

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

const typed = (body: string, type: string) => ({ body, headers: { 'content-type': type } })

const send = (method: string, { path, body, csv, as = world.ada }: Call) =>
  as.fetch(path, {
    method,
    ...(body === undefined ? {} : typed(JSON.stringify(body), 'application/json')),
    ...(csv === undefined ? {} : typed(csv, 'text/csv')),
  })

/** What an SDK of production gets, whatever its version is called. */
async function served(): Promise<string> {
  const answer = await fetch(`${world.server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${sdkKey}` } })
  return (await answer.text()).replaceAll(/"version":\d+/g, '')
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

async function mutatingRoutes(): Promise<readonly string[]> {
  const document: unknown = await (await fetch(`${world.server.url}/api/v1/openapi.json`)).json()
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
    expect(routes.filter(route => !NO_CHANGE.has(route) && !Object.hasOwn(AUDITED_CALLS, route))).toEqual([])
    expect([...NO_CHANGE, ...Object.keys(AUDITED_CALLS)].filter(route => !routes.includes(route))).toEqual([])
  })

  it.each(Object.entries(AUDITED_CALLS))('has an entry of %s', async (route, makeCall) => {
    const call = await makeCall(world)
    const before = (await world.ada.client.verifyAudit()).entries
    const ruleset = await served()
    const answer = await send(route.split(' ')[0] ?? '', call)
    expect(answer.ok, await answer.text()).toBe(true)
    if ((await served()) !== ruleset) changing.add(route)
    const { entries } = await world.ada.client.searchAudit(undefined, { limit: 50 })
    const written = entries.filter(({ seq, who }) => seq > before && who.kind === 'person')
    expect(written).not.toEqual([])
    expect(await world.ada.client.verifyAudit()).toMatchObject({ intact: true })
  })

  it('and these are all routes that change what SDKs are served', () => {
    expect([...changing].sort()).toEqual([...SERVING_ROUTES])
  })
})
