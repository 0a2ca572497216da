import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../../test/raw-http.ts'
import { startTestServer, type TestServer } from '../../../test/test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../../../test/visitors.ts'
import { createManualClock } from '../../adapters/manual-clock.ts'

const DAY = 24 * 3_600_000

const clock = createManualClock(Date.now())
let server: TestServer
let ada: Visitor
beforeAll(async () => {
  server = await startTestServer({ clock })
  ada = await setUpAdmin(server)
})
afterAll(() => server.stop())

describe('a personal key', () => {
  const withKey = (key: string) => {
    const call = async (method: string, path: string, body?: unknown) =>
      (
        await ask(server.url, {
          method,
          path,
          headers: {
            authorization: `Bearer ${key}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      ).status
    return call
  }

  it('acts for its person, and is gone with the person', async () => {
    const bob = await joinAs(server, ada, { email: 'bob@example.com', role: 'engineer' })
    const { key, prefix } = await bob.client.createPersonalKey({ name: 'CI' })
    expect(key.startsWith(prefix)).toBe(true)
    const call = withKey(key)
    expect(await call('POST', '/api/v1/projects/invoicing/flags', { key: 'by-key', type: 'boolean' })).toBe(201)
    expect(await call('POST', '/api/v1/projects', { key: 'other', name: 'Other' })).toBe(403)
    expect(await call('POST', '/api/v1/me/keys', { name: 'another' })).toBe(403)
    expect((await bob.client.listPersonalKeys())[0]).toMatchObject({ prefix, lastUsedAt: expect.any(String) })
    await ada.client.removePerson((await bob.client.session()).person?.id ?? '')
    expect(await call('GET', '/api/v1/projects')).toBe(401)
  })

  it('may no more than it was made for, and never more than its person', async () => {
    await ada.client.createProject({ key: 'shop', name: 'Shop' })
    const { key } = await ada.client.createPersonalKey({
      name: 'deploy',
      project: 'invoicing',
      environments: ['development'],
      permissions: ['project:read', 'flag:write'],
    })
    const call = withKey(key)
    const flag = '/api/v1/projects/invoicing/flags/new-pdf-engine/environments'
    expect(await call('POST', `${flag}/development/switch`, { on: false })).toBe(200)
    expect(await call('POST', `${flag}/production/switch`, { on: false })).toBe(403)
    expect(await call('POST', `${flag}/development/kill`)).toBe(403)
    expect(await call('GET', '/api/v1/projects/shop/flags')).toBe(404)
    expect(await call('GET', '/api/v1/people')).toBe(403)
  })

  it('ends when it is revoked, and when its time is over', async () => {
    const [one, two] = [
      await ada.client.createPersonalKey({ name: 'one', expiresInDays: 3 }),
      await ada.client.createPersonalKey({ name: 'two' }),
    ]
    await ada.client.revokePersonalKey(two.id)
    expect(await withKey(two.key)('GET', '/api/v1/projects')).toBe(401)
    expect(await withKey(one.key)('GET', '/api/v1/projects')).toBe(200)
    clock.advance(3 * DAY)
    expect(await withKey(one.key)('GET', '/api/v1/projects')).toBe(401)
  })
})
