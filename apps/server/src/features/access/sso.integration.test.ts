import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  CLIENT,
  type IdentityProvider,
  signInAtProvider,
  startIdentityProvider,
} from '../../../test/identity-provider.ts'
import { startTestServer, type TestServer } from '../../../test/test-server.ts'
import { PASSWORD, setUpAdmin, visit } from '../../../test/visitors.ts'
import type { SsoConfig } from '../../http/access-config.ts'

/** The server listens elsewhere; only the path of the callback matters to it. */
const HOME = 'http://dimmer.test'

let provider: IdentityProvider
let sso: SsoConfig
let server: TestServer
beforeAll(async () => {
  provider = await startIdentityProvider(`${HOME}/api/v1/sso/callback`, {
    'bob@example.com': { name: 'Bob', groups: ['developers', 'staff'] },
    'root@example.com': { name: 'Root', groups: ['platform'] },
    'eve@example.com': { name: 'Eve', groups: ['sales'] },
    'ida@example.com': { name: 'Ida', groups: [] },
  })
  sso = {
    issuer: provider.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    name: 'Example ID',
    groupsClaim: 'groups',
    groups: [
      { group: 'platform', project: '*', role: 'admin', environments: {} },
      { group: 'developers', project: 'invoicing', role: 'engineer', environments: { production: 'viewer' } },
      { group: 'staff', project: 'invoicing', role: 'viewer', environments: {} },
    ],
  }
  server = await startTestServer({
    adminToken: 'a-long-enough-token',
    access: { sso, passwords: false, publicUrl: new URL(HOME) },
  })
})
afterAll(async () => {
  await server.stop()
  await provider.stop()
})

/** Goes to the provider and comes back; gives where the browser ends up. */
async function enter(account: string, visitor = visit(server.url), change = (url: URL): URL => url) {
  const begun = await visitor.fetch('/api/v1/sso/start', { redirect: 'manual' })
  const back = change(new URL(await signInAtProvider(begun.headers.get('location') ?? '', account, HOME)))
  const done = await visitor.fetch(`${back.pathname}${back.search}`, { redirect: 'manual' })
  return { visitor, to: decodeURIComponent(done.headers.get('location') ?? ''), back }
}

it('makes the account of whom the provider confirms, with the roles that the groups give', async () => {
  const { visitor, to } = await enter('bob@example.com')
  expect(to).toBe('/')
  expect(await visitor.client.session()).toMatchObject({
    via: 'session',
    person: { name: 'Bob', email: 'bob@example.com' },
    manages: false,
    projects: { invoicing: { role: 'engineer', environments: { production: { role: 'viewer' } } } },
    signIn: { sso: 'Example ID', password: false },
  })
  const root = await enter('root@example.com')
  expect(await root.visitor.client.session()).toMatchObject({ manages: true })
})

it('knows who comes again, and takes back what the groups no longer give', async () => {
  const { visitor } = await enter('bob@example.com')
  const id = (await visitor.client.session()).person?.id ?? ''
  await server.admin.setMember('invoicing', id, { role: 'admin' })
  expect((await visitor.client.session()).projects.invoicing?.role).toBe('admin')
  const again = await enter('bob@example.com')
  const session = await again.visitor.client.session()
  expect([session.person?.id, session.projects.invoicing?.role]).toEqual([id, 'engineer'])
})

it('lets nobody in whose groups give no role, unless they were invited', async () => {
  const { visitor, to } = await enter('eve@example.com')
  expect(to).toContain('eve@example.com has no role here yet')
  expect((await visitor.client.session()).via).toBeNull()
  await server.admin.invite('invoicing', { email: 'ida@example.com', role: 'support' })
  const ida = await enter('ida@example.com')
  expect((await ida.visitor.client.session()).projects.invoicing?.role).toBe('support')
})

it('refuses a callback that this browser did not begin, that was changed, or that was used', async () => {
  const { back } = await enter('bob@example.com')
  const stranger = visit(server.url)
  const stolen = await stranger.fetch(`${back.pathname}${back.search}`, { redirect: 'manual' })
  expect(decodeURIComponent(stolen.headers.get('location') ?? '')).toContain('began in another browser')
  const forged = await enter('bob@example.com', visit(server.url), url => {
    url.searchParams.set('state', 'another')
    return url
  })
  expect(forged.to).toContain('did not confirm')
  const visitor = visit(server.url)
  await visitor.fetch('/api/v1/sso/start', { redirect: 'manual' })
  const replayed = await visitor.fetch(`${back.pathname}${back.search}`, { redirect: 'manual' })
  expect(decodeURIComponent(replayed.headers.get('location') ?? '')).toContain('did not confirm')
  expect((await visitor.client.session()).via).toBeNull()
})

it('with passwords switched off, the admin token still gets in', async () => {
  expect((await server.admin.session()).via).toBe('break-glass')
  const refused = await visit(server.url)
    .client.signIn({ email: 'bob@example.com', password: PASSWORD })
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'forbidden' })
})

it('a provider that is away is said on the sign-in page, and keeps nobody else out', async () => {
  const away = await startTestServer({
    access: { sso: { ...sso, issuer: new URL('http://127.0.0.1:9') }, publicUrl: new URL(HOME) },
  })
  try {
    await setUpAdmin(away)
    const begun = await visit(away.url).fetch('/api/v1/sso/start', { redirect: 'manual' })
    expect(decodeURIComponent(begun.headers.get('location') ?? '')).toContain('cannot be reached')
    await visit(away.url).client.signIn({ email: 'ada@example.com', password: PASSWORD })
  } finally {
    await away.stop()
  }
})
