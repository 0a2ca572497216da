import { readFileSync } from 'node:fs'
import { PERMISSIONS, type Permission, ROLES, type Role, SDK_KEY_KINDS, type SdkKeyKind } from '@dimmer/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLE_PERMISSIONS } from '../src/features/access/role-permissions.ts'
import { ask } from './raw-http.ts'
import { startTestServer, type TestServer } from './test-server.ts'
import { joinAs, PASSWORD, setUpAdmin, type Visitor, visit } from './visitors.ts'

/** The tables of docs/permissions.md are what is promised; everything here is held to them. */
const LINES = readFileSync(new URL('../../../docs/permissions.md', import.meta.url), 'utf8').split('\n')
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim().replaceAll('`', ''))
const rowsUnder = (heading: string): string[][] => {
  const start = LINES.indexOf(heading)
  const lines = LINES.slice(start + 1)
  const end = lines.findIndex(line => line.startsWith('## '))
  return lines
    .slice(0, end === -1 ? undefined : end)
    .filter(line => line.startsWith('|'))
    .slice(2)
    .map(cellsOf)
}

interface Row {
  readonly method: string
  readonly url: string
  readonly permission: string
  /** In the order of ROLES, then the admin of all projects. */
  readonly allowed: readonly boolean[]
}

const ROWS: readonly Row[] = rowsUnder('## Routes for people').map(([route = '', permission = '', ...allowed]) => {
  const [method = '', url = ''] = route.split(' ')
  return { method, url, permission, allowed: allowed.map(cell => cell === 'yes') }
})
const SDK_ROWS = rowsUnder('## Routes for SDKs').map(([route = '', ...allowed]) => {
  const [method = '', url = ''] = route.split(' ')
  return { method, url, allowed: allowed.map(cell => cell === 'yes') }
})
const PUBLIC_ROUTES = rowsUnder('## Open to everybody').map(([route = '']) => route)

let server: TestServer
let admin: Visitor
let outsider: Visitor
let refined: Visitor
const visitors = new Map<string, Visitor>()
const emails = new Map<Visitor, string>()

const join = async (email: string, role: Role, more: Partial<Parameters<typeof joinAs>[2]> = {}): Promise<Visitor> => {
  const visitor = await joinAs(server, admin, { email, role, ...more })
  emails.set(visitor, email)
  return visitor
}

beforeAll(async () => {
  server = await startTestServer()
  admin = await setUpAdmin(server)
  emails.set(admin, 'ada@example.com')
  await admin.client.createProject({ key: 'shop', name: 'Shop' })
  for (const role of ROLES) visitors.set(role, await join(`${role}@example.com`, role))
  visitors.set('admin of all', admin)
  outsider = await join('outsider@example.com', 'admin', { project: 'shop' })
  refined = await join('refined@example.com', 'engineer', { environments: { production: 'viewer' } })
})
afterAll(() => server.stop())

const CALLERS = [...ROLES, 'admin of all']

/** An address with nothing real behind it but project and environment, so that what is allowed changes nothing. */
const fill = (url: string, project = 'invoicing', environment = 'production'): string =>
  url.replace(':project', project).replace(':environment', environment).replace(/:\w+/g, 'none')

/** Sends a request that nobody can carry out, and gives how it was refused. */
async function knock(
  visitor: Visitor,
  method: string,
  path: string,
): Promise<{ status: number; code: string; text: string }> {
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{"not":"a field"}' }
  const stop = new AbortController()
  const response = await visitor.fetch(path, {
    method,
    ...body,
    headers: 'body' in body ? { 'content-type': 'application/json' } : {},
    signal: stop.signal,
  })
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    stop.abort()
    return { status: response.status, code: '', text: '' }
  }
  const text = await response.text()
  const code = response.ok || text === '' ? '' : (JSON.parse(text).error?.code ?? '')
  // Some are allowed to sign themselves out.
  if (method === 'DELETE' && /\/(session|sessions)$/.test(path) && response.ok) {
    await visitor.client.signIn({ email: emails.get(visitor) ?? '', password: PASSWORD })
  }
  return { status: response.status, code, text }
}

const isRefused = ({ status, code }: { status: number; code: string }): boolean =>
  status === 401 || code === 'forbidden'

it('the table of roles is what the code gives them', () => {
  const rows = rowsUnder('## Roles')
  expect(rows.map(([permission]) => permission)).toEqual(expect.arrayContaining([...ROLE_PERMISSIONS.admin]))
  for (const [permission = '', , ...cells] of rows) {
    const has = ROLES.map(role => ([...ROLE_PERMISSIONS[role]] as string[]).includes(permission))
    expect([permission, ...cells.map(cell => cell === 'yes')]).toEqual([permission, ...has])
  }
})

it('the tables have every route, and no other', () => {
  const routes = server.application.routes().filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
  const documented = [...ROWS, ...SDK_ROWS].map(({ method, url }) => `${method} ${url}`)
  expect([...documented, ...PUBLIC_ROUTES].sort()).toEqual(routes.map(({ method, url }) => `${method} ${url}`).sort())
  const permissions = new Map(routes.map(({ method, url, permission }) => [`${method} ${url}`, permission]))
  for (const { method, url, permission } of ROWS) expect(permissions.get(`${method} ${url}`)).toBe(permission)
  for (const route of PUBLIC_ROUTES) expect([route, permissions.get(route)]).toEqual([route, 'public'])
})

describe('each role may call exactly the routes of its column', () => {
  it.each(CALLERS)('%s', async caller => {
    const visitor = visitors.get(caller)
    if (visitor === undefined) throw new Error(`nobody is ${caller}`)
    const column = CALLERS.indexOf(caller)
    const wrong: string[] = []
    for (const { method, url, allowed } of ROWS) {
      const answer = await knock(visitor, method, fill(url))
      if (isRefused(answer) === allowed[column]) wrong.push(`${method} ${url}: ${answer.status} ${answer.text}`)
    }
    expect(wrong).toEqual([])
  })
})

it('who is in another project only learns no more than that there is no such project', async () => {
  for (const { method, url } of ROWS.filter(row => row.url.includes(':project'))) {
    const [real, invented] = [
      await knock(outsider, method, fill(url)),
      await knock(outsider, method, fill(url, 'no-such-project')),
    ]
    expect([method, url, real.status, real.code]).toEqual([method, url, 404, 'project-not-found'])
    const message = (text: string) => JSON.parse(text).error.message.replaceAll(/"[\w-]+"/g, '""')
    expect(message(real.text)).toBe(message(invented.text))
  }
})

it('in an environment the role there counts, elsewhere the role in the project', async () => {
  const [viewer, engineer] = [ROLES.indexOf('viewer'), ROLES.indexOf('engineer')]
  const wrong: string[] = []
  for (const { method, url, permission, allowed } of ROWS.filter(row => row.url.includes(':environment'))) {
    const isProjects = PERMISSIONS[permission as Permission].scope === 'project'
    for (const [environment, column] of [
      ['production', viewer],
      ['development', engineer],
    ] as const) {
      const answer = await knock(refined, method, fill(url, 'invoicing', environment))
      const expected = isProjects ? allowed[engineer] : allowed[column]
      if (isRefused(answer) === expected) wrong.push(`${method} ${url} in ${environment}: ${answer.status}`)
    }
  }
  expect(wrong).toEqual([])
})

it('nobody gets through without signing in', async () => {
  for (const { method, url } of ROWS) {
    const answer = await knock(visit(server.url), method, fill(url))
    expect([method, url, answer.status]).toEqual([method, url, 401])
  }
})

describe('each kind of SDK key opens exactly the routes of its column', () => {
  it.each([...SDK_KEY_KINDS])('%s', async (kind: SdkKeyKind) => {
    const { key } = await admin.client.createSdkKey('invoicing', 'production', { kind, name: kind })
    for (const { method, url, allowed } of SDK_ROWS) {
      const asked = { method, path: fill(url), headers: { authorization: `Bearer ${key}` } }
      const status = url.endsWith('stream') ? await streamStatus(asked) : (await ask(server.url, asked)).status
      expect([url, status === 403]).toEqual([url, allowed[SDK_KEY_KINDS.indexOf(kind)] !== true])
    }
  })
})

async function streamStatus({ path, headers }: { path: string; headers: Record<string, string> }): Promise<number> {
  const stop = new AbortController()
  const { status } = await fetch(`${server.url}${path}`, { headers, signal: stop.signal })
  stop.abort()
  return status
}
