import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../../test/raw-http.ts'
import { codeOf } from '../../../test/refusals.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { joinAs, PASSWORD, setUpAdmin, type Visitor, visit } from '../../../test/visitors.ts'

let server: TestServer
let ada: Visitor
beforeAll(async () => {
  server = await startTestServer()
  ada = await setUpAdmin(server)
})
afterAll(() => server.stop())

const idOf = async ({ client }: Visitor) => (await client.session()).person?.id ?? ''

const signInAgain = async (email: string, password = PASSWORD): Promise<Visitor> => {
  const visitor = visit(server.url)
  await visitor.client.signIn({ email, password })
  return visitor
}

describe('members', () => {
  it('are invited by a link that works once, and get the role that it names', async () => {
    const invitation = { email: 'Bob@Example.com', role: 'engineer', environments: { production: 'viewer' } } as const
    const { token, member } = await ada.client.invite(SAMPLE.project, invitation)
    expect(member).toBeNull()
    expect(await ada.client.listInvitations(SAMPLE.project)).toMatchObject([
      { email: 'bob@example.com', invitedBy: 'Ada' },
    ])
    const bob = visit(server.url)
    const take = { token: token ?? '', name: 'Bob', password: PASSWORD, email: 'ceo@example.com' }
    await bob.client.takeLink(take)
    expect(await bob.client.session()).toMatchObject({
      person: { email: 'bob@example.com', name: 'Bob' },
      manages: false,
      projects: { invoicing: { role: 'engineer', environments: { production: { role: 'viewer' } } } },
    })
    expect(await codeOf(visit(server.url).client.takeLink(take))).toBe('link-expired')
    expect(await ada.client.listInvitations(SAMPLE.project)).toEqual([])
  })

  it('may in each environment what their role there lets them', async () => {
    const bob = await joinAs(server, ada, {
      email: 'fred@example.com',
      role: 'engineer',
      environments: { production: 'viewer' },
    })
    const place = at('new-pdf-engine')
    await bob.client.switchFlag({ ...place, environment: 'development' }, false)
    expect(await codeOf(bob.client.switchFlag(place, false))).toBe('forbidden')
    expect(await codeOf(bob.client.kill(place))).toBe('forbidden')
    await bob.client.createFlag(SAMPLE.project, { key: 'off-everywhere', type: 'boolean' })
    expect(await codeOf(bob.client.archiveFlag(SAMPLE.project, 'off-everywhere'))).toBe('forbidden')
    expect(await codeOf(bob.client.putSegment(SAMPLE.project, 'all', { name: 'All' }))).toBe('forbidden')
  })

  it('lose and gain rights with their next request', async () => {
    const bob = await joinAs(server, ada, { email: 'gus@example.com', role: 'viewer' })
    const { person } = await bob.client.session()
    const id = person?.id ?? ''
    const flag = { key: 'mine', type: 'boolean' } as const
    expect(await codeOf(bob.client.createFlag(SAMPLE.project, flag))).toBe('forbidden')
    await ada.client.setMember(SAMPLE.project, id, { role: 'engineer' })
    await bob.client.createFlag(SAMPLE.project, flag)
    await ada.client.removeMember(SAMPLE.project, id)
    expect(await codeOf(bob.client.listFlags(SAMPLE.project))).toBe('project-not-found')
    expect(await bob.client.listProjects()).toEqual([])
  })

  it('who lose their rights lose their open stream within a second or two', async () => {
    const bob = await joinAs(server, ada, { email: 'hugo@example.com', role: 'viewer' })
    const stream = await bob.fetch('/api/v1/projects/invoicing/live')
    expect(stream.status).toBe(200)
    const { person } = await bob.client.session()
    await ada.client.removeMember(SAMPLE.project, person?.id ?? '')
    expect(await stream.text()).not.toContain('flag-changed')
    expect((await bob.fetch('/api/v1/projects/invoicing/live')).status).toBe(404)
  })

  it('can neither change their own role nor give what they do not have', async () => {
    const bob = await joinAs(server, ada, {
      email: 'ivan@example.com',
      role: 'admin',
      environments: { production: 'viewer' },
    })
    const eve = await joinAs(server, ada, { email: 'eve@example.com', role: 'viewer' })
    const [bobId, eveId] = [
      (await bob.client.session()).person?.id ?? '',
      (await eve.client.session()).person?.id ?? '',
    ]
    expect(await codeOf(bob.client.setMember(SAMPLE.project, bobId, { role: 'admin' }))).toBe('forbidden')
    expect(await codeOf(bob.client.setMember(SAMPLE.project, eveId, { role: 'engineer' }))).toBe('forbidden')
    expect(await codeOf(bob.client.invite(SAMPLE.project, { email: 'me2@example.com', role: 'admin' }))).toBe(
      'forbidden',
    )
    const limited = { role: 'engineer', environments: { production: 'viewer' } } as const
    expect(await bob.client.setMember(SAMPLE.project, eveId, limited)).toMatchObject(limited)
  })

  it('who forgot their password get a link, which ends their sessions', async () => {
    const bob = await joinAs(server, ada, { email: 'jane@example.com', role: 'viewer' })
    const { token } = await ada.client.makePasswordLink((await bob.client.session()).person?.id ?? '')
    await visit(server.url).client.takeLink({ token, password: 'a new long password' })
    expect(await codeOf(bob.client.listProjects())).toBe('unauthenticated')
    await signInAgain('jane@example.com', 'a new long password')
  })
})

describe('an account that is disabled', () => {
  const byKey = async (key: string) =>
    (await ask(server.url, { path: '/api/v1/projects', headers: { authorization: `Bearer ${key}` } })).status

  it('lets nobody in, ends what is open, and keeps its roles and keys for when it is enabled again', async () => {
    const bob = await joinAs(server, ada, { email: 'kate@example.com', role: 'engineer' })
    const id = await idOf(bob)
    const { key } = await bob.client.createPersonalKey({ name: 'CI' })
    const streams = [
      await bob.fetch('/api/v1/projects/invoicing/live'),
      await fetch(`${server.url}/api/v1/projects/invoicing/live`, { headers: { authorization: `Bearer ${key}` } }),
    ]
    expect(streams.map(({ status }) => status)).toEqual([200, 200])
    expect(await byKey(key)).toBe(200)

    expect(await ada.client.disablePerson(id)).toMatchObject({ id, disabledAt: expect.any(String) })
    expect(await codeOf(bob.client.listProjects())).toBe('unauthenticated')
    expect(await byKey(key)).toBe(401)
    for (const stream of streams) await stream.text()
    const member = (await ada.client.listMembers(SAMPLE.project)).find(one => one.id === id)
    expect(member).toMatchObject({ role: 'engineer', disabledAt: expect.any(String) })

    expect(await ada.client.enablePerson(id)).toMatchObject({ disabledAt: null })
    expect(await codeOf(bob.client.listProjects())).toBe('unauthenticated')
    expect(await byKey(key)).toBe(200)
    const again = await signInAgain('kate@example.com')
    expect((await again.client.session()).projects.invoicing?.role).toBe('engineer')
    const { entries } = await ada.client.searchAudit(undefined, { object: 'person', limit: 5 })
    expect(entries.map(({ verb, object: { key: email } }) => [verb, email])).toEqual(
      expect.arrayContaining([
        ['disable', 'kate@example.com'],
        ['enable', 'kate@example.com'],
      ]),
    )
  })

  it('says so only to whoever knows its password, and no link opens it', async () => {
    const bob = await joinAs(server, ada, { email: 'liam@example.com', role: 'viewer' })
    const id = await idOf(bob)
    const { token } = await ada.client.makePasswordLink(id)
    await ada.client.disablePerson(id)
    expect(await codeOf(signInAgain('liam@example.com', 'a wrong password'))).toBe('sign-in-failed')
    expect(await codeOf(signInAgain('liam@example.com'))).toBe('forbidden')
    expect(await codeOf(visit(server.url).client.takeLink({ token, password: 'a new long password' }))).toBe(
      'link-expired',
    )
    expect(await codeOf(ada.client.makePasswordLink(id))).toBe('not-allowed-now')
    expect(await codeOf(ada.client.invite(SAMPLE.project, { email: 'liam@example.com', role: 'admin' }))).toBe(
      'not-allowed-now',
    )
    expect(await codeOf(ada.client.disablePerson(id))).toBe('not-allowed-now')
    expect(await codeOf(ada.client.disablePerson('nobody'))).toBe('member-not-found')
  })
})

describe('the last admin of all projects', () => {
  let own: TestServer
  let root: Visitor
  beforeAll(async () => {
    own = await startTestServer({ adminToken: 'a-long-enough-token' })
    await own.admin.setUp({ email: 'root@example.com', name: 'Root', password: PASSWORD })
    root = visit(own.url)
    await root.client.signIn({ email: 'root@example.com', password: PASSWORD })
  })
  afterAll(() => own.stop())

  it('is not changed by the admin of a project, and stays: not removed, not made less, not disabled', async () => {
    const bob = await joinAs(own, root, { email: 'bob@example.com', role: 'admin' })
    const id = await idOf(root)
    expect(await codeOf(bob.client.removeMember(SAMPLE.project, id))).toBe('forbidden')
    expect(await codeOf(bob.client.listPeople())).toBe('forbidden')
    expect(await codeOf(own.admin.setEverywhereRole(id, null))).toBe('last-admin')
    expect(await codeOf(own.admin.removePerson(id))).toBe('last-admin')
    expect(await codeOf(own.admin.disablePerson(id))).toBe('last-admin')
    expect(await codeOf(root.client.disablePerson(id))).toBe('forbidden')
  })

  it('is the last also where the others are disabled, and can go once there is another', async () => {
    const eve = await joinAs(own, root, { email: 'eve@example.com', role: 'viewer' })
    const [rootId, eveId] = [await idOf(root), await idOf(eve)]
    await root.client.setEverywhereRole(eveId, 'admin')
    await root.client.disablePerson(eveId)
    expect(await codeOf(own.admin.removePerson(rootId))).toBe('last-admin')
    await root.client.enablePerson(eveId)
    await own.admin.disablePerson(rootId)
    expect(await codeOf(own.admin.setEverywhereRole(eveId, 'viewer'))).toBe('last-admin')
    await own.admin.enablePerson(rootId)
    await own.admin.removePerson(rootId)
    expect(await codeOf(root.client.listProjects())).toBe('unauthenticated')
  })
})
