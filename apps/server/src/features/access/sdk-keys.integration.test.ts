import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask } from '../../../test/raw-http.ts'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { createManualClock } from '../../adapters/manual-clock.ts'

const clock = createManualClock(Date.now())
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock })
})
afterAll(() => server.stop())

const status = async (path: string, key: string, how: 'header' | 'address' = 'header') =>
  (
    await ask(server.url, {
      path: how === 'header' ? path : `${path}?key=${key}`,
      headers: how === 'header' ? { authorization: `Bearer ${key}` } : {},
    })
  ).status

it('a key of an edge may fetch rulesets, as a server key may and a browser key may not', async () => {
  const [edge, browser] = [await server.newKey('production', 'edge'), await server.newKey('production', 'browser')]
  expect(edge).toMatch(/^dmr_edge_/)
  expect(await status('/sdk/v1/ruleset', edge)).toBe(200)
  expect(await status('/sdk/v1/ruleset', browser)).toBe(403)
})

it('only the key of a browser may stand in the address, where logs keep it', async () => {
  for (const kind of ['server', 'edge'] as const) {
    const key = await server.newKey('production', kind)
    expect(await status('/sdk/v1/ruleset', key, 'address')).toBe(403)
  }
})

it('an SDK key opens nothing of the admin API', async () => {
  for (const kind of ['server', 'browser', 'edge'] as const) {
    expect(await status('/api/v1/projects', await server.newKey('production', kind))).toBe(401)
  }
})

it('a key whose time is over opens nothing, and its open stream ends', async () => {
  const made = await server.admin.createSdkKey(SAMPLE.project, 'production', {
    kind: 'server',
    name: 'for a week',
    expiresInDays: 7,
  })
  expect(made.expiresAt).toBe(new Date(clock.now() + 7 * 24 * 3_600_000).toISOString())
  const stream = await fetch(`${server.url}/sdk/v1/stream`, { headers: { authorization: `Bearer ${made.key}` } })
  expect(stream.status).toBe(200)
  clock.advance(7 * 24 * 3_600_000)
  expect(await status('/sdk/v1/ruleset', made.key)).toBe(401)
  expect(await stream.text()).toContain('event: put')
})
