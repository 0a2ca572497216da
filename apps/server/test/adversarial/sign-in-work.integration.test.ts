import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { TestServer } from '../test-server.ts'
import { joinAs, PASSWORD, setUpAdmin, visit } from '../visitors.ts'

const work = { hashes: 0, checks: 0 }
// The real library, with a counter before it: how long a sign-in takes is how often this is called.
vi.doMock('@node-rs/argon2', async importOriginal => {
  const real = await importOriginal<typeof import('@node-rs/argon2')>()
  return {
    ...real,
    hash: (...args: Parameters<typeof real.hash>) => {
      work.hashes++
      return real.hash(...args)
    },
    verify: (...args: Parameters<typeof real.verify>) => {
      work.checks++
      return real.verify(...args)
    },
  }
})
// Other files of this worker have loaded the server without the counter, and are to find it so again.
vi.resetModules()
const { startTestServer } = await import('../test-server.ts')

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  const ada = await setUpAdmin(server)
  await joinAs(server, ada, { email: 'sso@example.com', role: 'viewer' })
  // As somebody who comes by single sign-on.
  await sql`update people set password_hash = null where email = 'sso@example.com'`.execute(server.db)
  await visit(server.url).client.signIn({ email: 'ada@example.com', password: PASSWORD })
})
afterAll(async () => {
  await server.stop()
  vi.doUnmock('@node-rs/argon2')
  vi.resetModules()
})
beforeEach(() => Object.assign(work, { hashes: 0, checks: 0 }))

it.each([
  ['the right password', 'ada@example.com', PASSWORD],
  ['a wrong password', 'ada@example.com', 'a wrong password'],
  ['an unknown address', 'nobody@example.com', 'a wrong password'],
  ['the address of somebody without a password', 'sso@example.com', 'a wrong password'],
])('signing in with %s checks one password hash and makes none', async (_what, email, password) => {
  await visit(server.url)
    .client.signIn({ email, password })
    .catch(() => undefined)
  expect(work).toEqual({ hashes: 0, checks: 1 })
})
