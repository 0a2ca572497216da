import { ERRORS } from '@dimmer/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { ask, type RawAnswer } from '../raw-http.ts'
import { startTestServer, type TestServer } from '../test-server.ts'
import { type DocumentedRoute, documentedRoutes } from './documented-routes.ts'

/** More by hand: `ATTACK_REQUESTS=1000`. */
const PER_ROUTE = Number(process.env.ATTACK_REQUESTS ?? 50)
const TOKEN = 'a token of the tests only'
const NASTY = [
  "'; drop table flags; --",
  '" or 1=1 /*',
  '../../../etc/passwd',
  '__proto__',
  'constructor',
  '\r\nSet-Cookie: a=b',
  '<img src=x onerror=alert(1)>',
  '\u0000',
  '%s%n',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what an attacker would type
  '${7*7}',
]
const KNOWN = ['invoicing', 'production', 'new-pdf-engine', 'account', 'boolean']
const value = fc.oneof(
  fc.constantFrom(...KNOWN),
  fc.constantFrom(...NASTY),
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer(),
  fc.double(),
)
const inPath = fc.oneof(fc.constantFrom(...KNOWN), fc.constantFrom(...NASTY), fc.string({ minLength: 1 }))

let server: TestServer
let routes: readonly DocumentedRoute[]
let sdkKey: string
beforeAll(async () => {
  server = await startTestServer({ adminToken: TOKEN })
  sdkKey = await server.newKey()
  routes = await documentedRoutes(server.url)
})
afterAll(() => server.stop())

/** What opens a route: behind the wrong one nothing is tried. */
const bearerFor = ({ path }: DocumentedRoute): string => (/^\/(sdk|ofrep)\//.test(path) ? sdkKey : TOKEN)

const requestFor = (route: DocumentedRoute) => {
  const { method, path, fields } = route
  const names = path.match(/\{\w+\}/g) ?? []
  const record = fc.record(Object.fromEntries(fields.map(field => [field, value])), { requiredKeys: [] })
  const body = method === 'GET' || method === 'DELETE' ? fc.constant(undefined) : fc.oneof(record, value)
  return fc.tuple(fc.tuple(...names.map(() => inPath)), body).map(([parts, sent]) => ({
    method,
    path: names.reduce((filled, name, n) => {
      const part = parts[n] ?? ''
      return filled.replace(name, () => encodeURIComponent(part))
    }, path),
    headers: { authorization: `Bearer ${bearerFor(route)}`, 'content-type': 'application/json' },
    ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
  }))
}

function expectSafe(answer: RawAnswer): void {
  expect(answer.status).toBeLessThan(500)
  expect(answer.text).not.toMatch(/node_modules|\.[tj]s:\d+|\\n\s+at |select .* from|insert into/i)
  expect(answer.headers['set-cookie']?.join() ?? '').not.toContain('a=b')
  if (answer.status < 400 || answer.text === '' || answer.headers['content-type']?.includes('json') !== true) return
  const body: unknown = JSON.parse(answer.text)
  const code = z.object({ error: z.object({ code: z.string() }) }).safeParse(body).data?.error.code
  const ofrep = z.object({ errorCode: z.string() }).safeParse(body).success
  expect(ofrep || (code !== undefined && code in ERRORS), answer.text).toBe(true)
}

it('random requests to every documented route are answered without a failure inside', {
  timeout: 900_000,
}, async () => {
  expect(routes.length).toBeGreaterThan(50)
  const statuses = new Map<number, number>()
  const found = new Set<string>()
  for (const route of routes.filter(({ path }) => !/(stream|live)$/.test(path))) {
    for (const request of fc.sample(requestFor(route), { numRuns: PER_ROUTE, seed: 4 })) {
      const answer = await ask(server.url, request)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      try {
        expectSafe(answer)
      } catch {
        found.add(
          `${route.method} ${route.path}: ${request.path} ${request.body ?? ''} -> ${answer.status} ${answer.text}`,
        )
      }
    }
  }
  expect([...found].map(line => line.slice(0, 500))).toEqual([])
  // Who is held back at the door has tried nothing.
  expect(statuses.get(429) ?? 0, JSON.stringify([...statuses])).toBe(0)
  expect(statuses.get(400) ?? 0).toBeGreaterThan(routes.length)
})
