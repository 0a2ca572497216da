import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  CLIENT,
  type IdentityProvider,
  signInAtProvider,
  startIdentityProvider,
} from '../../../test/identity-provider.ts'
import { ask } from '../../../test/raw-http.ts'
import { codeOf } from '../../../test/refusals.ts'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { joinAs, PASSWORD, setUpAdmin, visit } from '../../../test/visitors.ts'
import type { SsoConfig } from '../../http/access-config.ts'

/** The server listens elsewhere; only the path of the callback matters to it. */
const HOME = 'http://dimmer.test'
const HOUR = 3_600_000

const accounts: Record<string, { name: string; groups: string[] }> = {
  'bob@example.com': { name: 'Bob', groups: ['developers', 'staff'] },
  'root@example.com': { name: 'Root', groups: ['platform'] },
  'eve@example.com': { name: 'Eve', groups: ['sales'] },
  'ida@example.com': { name: 'Ida', groups: [] },
  'max@example.com': { name: 'Max', groups: ['developers', 'platform'] },
}

let now = Date.now()
let provider: IdentityProvider
let sso: SsoConfig
let server: TestServer
beforeAll(async () => {
  provider = await startIdentityProvider(`${HOME}/api/v1/sso/callback`, accounts)
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
    sessionMs: 12 * HOUR,
  }
  server = await startTestServer({
    clock: { now: () => now },
    adminToken: 'a-long-enough-token',
    access: { sso, passwords: false, publicUrl: new URL(HOME) },
  })
})
afterAll(async () => {
  await server.stop()
  await provider.stop()
})

/** Goes to the provider and comes back; gives where the browser ends up. No account: somebody who goes back. */
async function enter(account: string | null, visitor = visit(server.url), change = (url: URL): URL => url) {
  const begun = await visitor.fetch('/api/v1/sso/start', { redirect: 'manual' })
  const back = change(new URL(await signInAtProvider(begun.headers.get('location') ?? '', account, HOME)))
  const done = await visitor.fetch(`${back.pathname}${back.search}`, { redirect: 'manual' })
  return { visitor, to: done.headers.get('location'), back, cookies: done.headers.getSetCookie() }
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

it('who is taken out of every group loses roles and sessions at the next sign-in, and the journal says so', async () => {
  const { visitor } = await enter('max@example.com')
  const { key } = await visitor.client.createPersonalKey({ name: 'script' })
  const projects = async () => {
    const headers = { authorization: `Bearer ${key}` }
    return JSON.parse((await ask(server.url, { path: '/api/v1/projects', headers })).text)
  }
  expect(await projects()).toHaveLength(1)
  accounts['max@example.com'] = { name: 'Max', groups: [] }
  expect((await enter('max@example.com')).to).toBe('/?sign-in=no-role')
  expect((await visitor.client.session()).via).toBeNull()
  expect(await projects()).toEqual([])
  const { entries } = await server.admin.searchAudit(undefined, { text: 'max@example.com' })
  expect(entries.map(({ verb, object: { kind } }) => `${verb} ${kind}`)).toEqual([
    'delete member',
    'change person',
    'sign-in person',
    'change member',
    'change person',
    'create person',
  ])
  expect(entries[1]).toMatchObject({ changes: [{ path: 'everywhere', before: 'admin', after: null }] })
  expect(entries[0]).toMatchObject({ project: 'invoicing', comment: 'By the groups at the identity provider' })
})

it('knows somebody with a password by the address that the provider confirmed, and writes down that both are one', async () => {
  accounts['pat@example.com'] = { name: 'Pat at the provider', groups: ['staff'] }
  const local = await startTestServer({ access: { sso, publicUrl: new URL(HOME) } })
  try {
    const ada = await setUpAdmin(local)
    const pat = await joinAs(local, ada, { email: 'pat@example.com', role: 'engineer' })
    const { visitor } = await enter('pat@example.com', visit(local.url))
    const [before, now] = [await pat.client.session(), await visitor.client.session()]
    expect(now.person).toEqual(before.person)
    expect(now.projects.invoicing?.role).toBe('viewer')
    const { entries } = await ada.client.searchAudit(undefined, {
      text: 'pat@example.com',
      verb: 'change',
      object: 'person',
    })
    expect(entries).toMatchObject([{ changes: [{ path: 'singleSignOn', before: null }] }])
  } finally {
    await local.stop()
  }
})

it('a sign-in that changes no role writes none down', async () => {
  await enter('bob@example.com')
  const changes = () => server.admin.searchAudit(SAMPLE.project, { text: 'bob@example.com', object: 'member' })
  const before = await changes()
  await enter('bob@example.com')
  expect((await changes()).entries).toHaveLength(before.entries.length)
})

it('asks the provider anew after the time that the settings say', async () => {
  const { visitor, cookies } = await enter('bob@example.com')
  expect(cookies.join()).toContain(`Max-Age=${12 * 3_600}`)
  now += 12 * HOUR - 1_000
  expect((await visitor.client.session()).via).toBe('session')
  now += 1_000
  expect((await visitor.client.session()).via).toBeNull()
})

it('refuses whose account is disabled, whatever the groups say', async () => {
  const { visitor } = await enter('bob@example.com')
  const id = (await visitor.client.session()).person?.id ?? ''
  await server.admin.disablePerson(id)
  expect((await enter('bob@example.com')).to).toBe('/?sign-in=disabled')
  expect((await visitor.client.session()).via).toBeNull()
  await server.admin.enablePerson(id)
  expect((await enter('bob@example.com')).to).toBe('/')
})

it('tells who went back at the provider apart from what failed, and takes no words and no headers from the address', async () => {
  expect((await enter(null)).to).toBe('/?sign-in=cancelled')
  const injected = await enter(null, visit(server.url), url => {
    url.searchParams.set('error', 'server_error')
    url.searchParams.set('error_description', 'Call us\r\nSet-Cookie: a=b')
    return url
  })
  expect(injected.to).toBe('/?sign-in=unconfirmed')
  expect(injected.cookies.join()).not.toContain('a=b')
})

it('says when the provider does not take the secret of this server', async () => {
  const access = { sso: { ...sso, clientSecret: 'another secret' }, publicUrl: new URL(HOME) }
  const other = await startTestServer({ access })
  try {
    expect((await enter('bob@example.com', visit(other.url))).to).toBe('/?sign-in=not-accepted')
  } finally {
    await other.stop()
  }
})

it('lets nobody in whose groups give no role, unless they were invited', async () => {
  const { visitor, to } = await enter('eve@example.com')
  expect(to).toBe('/?sign-in=no-role')
  expect((await visitor.client.session()).via).toBeNull()
  await server.admin.invite('invoicing', { email: 'ida@example.com', role: 'support' })
  const ida = await enter('ida@example.com')
  expect((await ida.visitor.client.session()).projects.invoicing?.role).toBe('support')
})

it('refuses a callback that this browser did not begin, that was changed, or that was used', async () => {
  const { back } = await enter('bob@example.com')
  const stranger = visit(server.url)
  const stolen = await stranger.fetch(`${back.pathname}${back.search}`, { redirect: 'manual' })
  expect(stolen.headers.get('location')).toBe('/?sign-in=too-late')
  const forged = await enter('bob@example.com', visit(server.url), url => {
    url.searchParams.set('state', 'another')
    return url
  })
  expect(forged.to).toBe('/?sign-in=unconfirmed')
  const visitor = visit(server.url)
  await visitor.fetch('/api/v1/sso/start', { redirect: 'manual' })
  const replayed = await visitor.fetch(`${back.pathname}${back.search}`, { redirect: 'manual' })
  expect(replayed.headers.get('location')).toBe('/?sign-in=unconfirmed')
  expect((await visitor.client.session()).via).toBeNull()
})

it('with passwords switched off, the admin token still gets in', async () => {
  expect((await server.admin.session()).via).toBe('break-glass')
  const refused = await visit(server.url)
    .client.signIn({ email: 'bob@example.com', password: PASSWORD })
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'forbidden' })
})

it('with passwords switched off, an invitation is taken by signing in, and its link lets nobody in', async () => {
  accounts['joy@example.com'] = { name: 'Joy', groups: [] }
  const { token } = await server.admin.invite('invoicing', { email: 'joy@example.com', role: 'marketer' })
  const taken = visit(server.url).client.takeLink({ token: token ?? '', name: 'Joy', password: PASSWORD })
  expect(await codeOf(taken)).toBe('forbidden')
  const joy = await enter('joy@example.com')
  expect((await joy.visitor.client.session()).projects.invoicing?.role).toBe('marketer')
  expect(await codeOf(server.admin.lookAtLink(token ?? ''))).toBe('link-expired')
})

it('a provider that is away is said on the sign-in page, and keeps nobody else out', async () => {
  const away = await startTestServer({
    access: { sso: { ...sso, issuer: new URL('http://127.0.0.1:9') }, publicUrl: new URL(HOME) },
  })
  try {
    await setUpAdmin(away)
    const begun = await visit(away.url).fetch('/api/v1/sso/start', { redirect: 'manual' })
    expect(begun.headers.get('location')).toBe('/?sign-in=unreachable')
    await visit(away.url).client.signIn({ email: 'ada@example.com', password: PASSWORD })
  } finally {
    await away.stop()
  }
})
