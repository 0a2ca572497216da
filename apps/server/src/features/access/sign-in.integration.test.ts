import { REQUEST_HEADER } from '@dimmer/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { ask } from '../../../test/raw-http.ts'
import { codeOf } from '../../../test/refusals.ts'
import { SAMPLE, startTestServer, type TestServer, type TestServerOptions } from '../../../test/test-server.ts'
import { joinAs, PASSWORD, setUpAdmin, type Visitor, visit } from '../../../test/visitors.ts'
import { createManualClock } from '../../adapters/manual-clock.ts'

const DAY = 24 * 3_600_000
const EMAIL = 'ada@example.com'

const servers: TestServer[] = []
const start = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const server = await startTestServer(options)
  servers.push(server)
  return server
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

const post = (path: string, body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', [REQUEST_HEADER]: '1', ...headers },
  body: JSON.stringify(body),
})

const signInAgain = async (server: TestServer, email = EMAIL, password = PASSWORD): Promise<Visitor> => {
  const visitor = visit(server.url)
  await visitor.client.signIn({ email, password })
  return visitor
}

describe('on first start', () => {
  it('whoever sits at this machine is let in, until the first account is made', async () => {
    const server = await start()
    expect(await server.admin.session()).toMatchObject({ via: 'local', manages: true, signIn: { fresh: true } })
    const ada = await setUpAdmin(server)
    expect(await ada.client.session()).toMatchObject({ via: 'session', manages: true, person: { email: EMAIL } })
    expect(await server.admin.session()).toMatchObject({ via: null, projects: {}, signIn: { fresh: false } })
    expect(await codeOf(server.admin.listProjects())).toBe('unauthenticated')
  })

  it('whoever has just come in counts as seen', async () => {
    const ada = await setUpAdmin(await start())
    const [member] = await ada.client.listMembers(SAMPLE.project)
    expect(Date.parse(member?.lastSeenAt ?? '')).toBeGreaterThan(0)
  })

  it('the local session stays open where the settings say so', async () => {
    const server = await start({ access: { localSession: 'on' } })
    await setUpAdmin(server)
    expect(await server.admin.listProjects()).toHaveLength(1)
  })

  it('the set-up link makes an admin of all projects, once', async () => {
    const server = await start({ access: { localSession: 'off' } })
    const token = (await server.application.setupToken()) ?? ''
    expect(await server.admin.lookAtLink(token)).toMatchObject({ kind: 'setup', email: null })
    const ada = visit(server.url)
    const input = { token, email: 'Ada@Example.com', name: 'Ada', password: PASSWORD }
    await ada.client.takeLink(input)
    expect(await ada.client.session()).toMatchObject({ person: { email: EMAIL }, manages: true })
    expect(await codeOf(visit(server.url).client.takeLink(input))).toBe('link-expired')
    expect(await server.application.setupToken()).toBeUndefined()
  })

  it('of many who use it at once, or a second link, one gets in', async () => {
    const server = await start({ access: { localSession: 'off' } })
    const tokens = [await server.application.setupToken(), await server.application.setupToken()]
    const tries = [...tokens, ...tokens].map((token, n) =>
      visit(server.url).client.takeLink({
        token: token ?? '',
        email: `p${n}@example.com`,
        name: 'P',
        password: PASSWORD,
      }),
    )
    const done = await Promise.allSettled(tries)
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('a link expires', async () => {
    const clock = createManualClock(Date.now())
    const server = await start({ clock, access: { localSession: 'off' } })
    const token = (await server.application.setupToken()) ?? ''
    clock.advance(DAY)
    expect(await codeOf(server.admin.lookAtLink(token))).toBe('link-expired')
    const late = { token, email: EMAIL, name: 'Ada', password: PASSWORD }
    expect(await codeOf(visit(server.url).client.takeLink(late))).toBe('link-expired')
  })
})

describe('a session', () => {
  it('has a cookie that scripts cannot read, and behind TLS one that only TLS carries', async () => {
    for (const [publicUrl, expected] of [
      [undefined, /^dimmer_session=[\w-]{32}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/],
      [new URL('https://flags.example.com'), /^__Host-dimmer_session=[\w-]{32}; .*HttpOnly; Secure; SameSite=Lax$/],
    ] as const) {
      const server = await start({ access: { publicUrl } })
      await setUpAdmin(server)
      const answer = await ask(server.url, post('/api/v1/session', { email: EMAIL, password: PASSWORD }))
      expect(answer.headers['set-cookie']?.[0]).toMatch(expected)
    }
  })

  it('gets a new token at sign-in, and the one that the browser brought no longer works', async () => {
    const server = await start()
    const ada = await setUpAdmin(server)
    const planted = ada.cookie()
    await ada.client.signIn({ email: EMAIL, password: PASSWORD })
    expect(ada.cookie()).not.toBe(planted)
    const before = await ask(server.url, { path: '/api/v1/projects', headers: { cookie: planted } })
    expect(before.status).toBe(401)
  })

  it('ends when it is not used for a week, and after 30 days in any case', async () => {
    const clock = createManualClock(Date.now())
    const server = await start({ clock })
    const ada = await setUpAdmin(server)
    for (let day = 0; day < 29; day += 6) {
      clock.advance(6 * DAY)
      if (day < 24) expect(await ada.client.listProjects()).toHaveLength(1)
    }
    expect(await codeOf(ada.client.listProjects())).toBe('unauthenticated')
    const again = await signInAgain(server)
    clock.advance(7 * DAY)
    expect(await codeOf(again.client.listProjects())).toBe('unauthenticated')
  })

  it('ends at sign-out; all end at sign-out everywhere', async () => {
    const server = await start()
    const ada = await setUpAdmin(server)
    const [laptop, phone] = [await signInAgain(server), await signInAgain(server)]
    expect(await ada.client.listSessions()).toHaveLength(3)
    await laptop.client.signOut()
    expect(await codeOf(laptop.client.listProjects())).toBe('unauthenticated')
    expect((await ada.client.listSessions()).filter(({ current }) => current)).toHaveLength(1)
    await phone.client.signOutEverywhere()
    expect(await codeOf(ada.client.listProjects())).toBe('unauthenticated')
  })

  it('of another cannot be ended by guessing its id', async () => {
    const server = await start()
    const ada = await setUpAdmin(server)
    const bob = await joinAs(server, ada, { email: 'bob@example.com', role: 'viewer' })
    const [own] = await ada.client.listSessions()
    expect(await codeOf(bob.client.endSession(own?.id ?? ''))).toBe('not-found')
    expect(await ada.client.listProjects()).toHaveLength(1)
  })

  it('all others end when the password changes', async () => {
    const server = await start()
    const ada = await setUpAdmin(server)
    const other = await signInAgain(server)
    const next = 'another long password'
    expect(await codeOf(ada.client.changePassword({ current: 'wrong', password: next }))).toBe('sign-in-failed')
    await ada.client.changePassword({ current: PASSWORD, password: next })
    expect(await ada.client.listProjects()).toHaveLength(1)
    expect(await codeOf(other.client.listProjects())).toBe('unauthenticated')
    expect(await codeOf(signInAgain(server))).toBe('sign-in-failed')
    await signInAgain(server, EMAIL, next)
  })
})

describe('a page of another site', () => {
  const project = { key: 'evil', name: 'Evil' }

  it('cannot use the cookie of somebody who is signed in', async () => {
    const server = await start()
    const ada = await setUpAdmin(server)
    const send = async (headers: Record<string, string>) =>
      (await ask(server.url, post('/api/v1/projects', project, { cookie: ada.cookie(), ...headers }))).status
    expect(await send({ origin: 'https://evil.example' })).toBe(403)
    expect(await send({ origin: 'null' })).toBe(403)
    expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await send({ 'sec-fetch-site': 'same-site', origin: server.url })).toBe(403)
    expect(await send({ origin: server.url, 'sec-fetch-site': 'same-origin' })).toBe(201)
  })

  it('cannot send what a form can send, nor sign somebody in', async () => {
    const server = await start()
    const ada = await setUpAdmin(server)
    const { [REQUEST_HEADER]: _ours, ...form } = post('/api/v1/projects', project).headers
    const answer = await ask(server.url, {
      ...post('/api/v1/projects', project),
      headers: { ...form, cookie: ada.cookie() },
    })
    expect(answer.status).toBe(403)
    const signIn = post('/api/v1/session', { email: EMAIL, password: PASSWORD }, { origin: 'https://evil.example' })
    expect((await ask(server.url, signIn)).status).toBe(403)
  })

  it('cannot make the first account on a machine that nobody has set up', async () => {
    const server = await start()
    const body = { email: 'eve@example.com', name: 'Eve', password: PASSWORD }
    expect((await ask(server.url, post('/api/v1/setup', body, { origin: 'https://evil.example' }))).status).toBe(403)
    expect((await ask(server.url, post('/api/v1/setup', body, { host: 'evil.example' }))).status).toBe(403)
  })
})

describe('signing in', () => {
  it('says the same of a wrong password and of an unknown address', async () => {
    const server = await start()
    await setUpAdmin(server)
    const answers = await Promise.all(
      [EMAIL, 'nobody@example.com'].map(email =>
        ask(server.url, post('/api/v1/session', { email, password: 'not the password' })),
      ),
    )
    const [known, unknown] = answers.map(({ status, text }) => ({ status, error: JSON.parse(text).error.message }))
    expect(known).toEqual(unknown)
    expect(known?.status).toBe(401)
  })

  it('is held back after some wrong passwords, and says for how long', async () => {
    const clock = createManualClock(Date.now())
    const server = await start({ clock })
    await setUpAdmin(server)
    const attempt = (password: string) => ask(server.url, post('/api/v1/session', { email: EMAIL, password }))
    for (let n = 0; n < 8; n++) expect((await attempt(`wrong password ${n}`)).status).toBe(401)
    const held = await attempt(PASSWORD)
    expect([held.status, held.headers['retry-after']]).toEqual([429, '60'])
    clock.advance(60_000)
    expect((await attempt(PASSWORD)).status).toBe(204)
  })

  it('with the right password is free for as many as sit behind one address', async () => {
    const server = await start({ clock: { now: () => 1_800_000_000_000 } })
    await setUpAdmin(server)
    for (let n = 0; n < 33; n++) await signInAgain(server)
  })

  it('stores neither password nor token', async () => {
    const server = await start()
    const ada = await setUpAdmin(server)
    const rows = await server.db
      .withTables<{ people: object; sessions: object }>()
      .selectFrom('people')
      .selectAll()
      .execute()
    const sessions = await server.db.withTables<{ sessions: object }>().selectFrom('sessions').selectAll().execute()
    const stored = JSON.stringify([rows, sessions])
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(stored).not.toContain(PASSWORD)
    expect(stored).not.toContain(ada.cookie().split('=')[1])
  })
})

describe('the break-glass token', () => {
  it('opens everything, also when nobody else gets in', async () => {
    const server = await start({ adminToken: 'a-long-enough-token', access: { passwords: false } })
    await server.admin.setUp({ email: EMAIL, name: 'Ada', password: PASSWORD })
    expect(await server.admin.session()).toMatchObject({ via: 'break-glass', manages: true })
    expect(await codeOf(signInAgain(server))).toBe('forbidden')
    const wrong = await ask(server.url, {
      path: '/api/v1/projects',
      headers: { authorization: 'Bearer a-long-enough-tokeN' },
    })
    expect(wrong.status).toBe(401)
  })
})
