import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ask } from '../raw-http.ts'
import { type DocumentedRoute, documentedRoutes } from './documented-routes.ts'
import { NESTED_BODIES, withFieldAt } from './nested-bodies.ts'
import { bodyFor, type Ids, kindOf, queryFor, startTwoProjects, type TwoProjects } from './two-projects.ts'

let world: TwoProjects
let now = Date.now()
let routes: readonly DocumentedRoute[]
/** What was tried, for docs/security.md. */
const tried = { foreignIds: 0, addedFields: 0, verbs: 0, keys: 0 }
beforeAll(async () => {
  world = await startTwoProjects({ now: () => now })
  routes = await documentedRoutes(world.server.url)
})
afterAll(async () => {
  console.info(`tried: ${JSON.stringify(tried)}`)
  await world.server.stop()
})

const UNKNOWN = 'nothing-of-this-name'
const isStream = ({ path }: DocumentedRoute) => /\/(live|stream|client-stream)$/.test(path)
const paramsOf = (path: string): readonly string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
const ofProject = () => routes.filter(route => route.path.includes('{project}') && !isStream(route))

const fillIn = (path: string, ids: Ids, replaced: Readonly<Record<string, string>> = {}): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const kind = kindOf(path, name)
    return encodeURIComponent(replaced[name] ?? (kind === undefined ? UNKNOWN : ids[kind]))
  }) + queryFor(path)

interface Answer {
  readonly status: number
  readonly text: string
}

const isCsv = ({ path }: DocumentedRoute) => path.endsWith('/csv')

async function send(route: DocumentedRoute, path: string, body?: unknown): Promise<Answer> {
  const json = isCsv(route) ? 'id,plan\nacc-1,pro\n' : JSON.stringify(body)
  const type = isCsv(route) ? 'text/csv' : 'application/json'
  const answer = await world.bert.fetch(path, {
    method: route.method,
    ...(body === undefined ? {} : { body: json, headers: { 'content-type': type } }),
  })
  return { status: answer.status, text: await answer.text() }
}

const bodyOf = (route: DocumentedRoute): unknown =>
  route.takesJson ? (bodyFor(`${route.method} ${route.path}`, world.own) ?? {}) : undefined

/** How often the other project was touched, and its ruleset. */
async function theirs(): Promise<unknown> {
  const { project } = world.foreign
  const [flags, segments, units, members, rollouts, keys, signing, audit] = await Promise.all([
    world.ada.client.listFlags(project),
    world.ada.client.listSegments(project),
    world.ada.client.listUnits(project),
    world.ada.client.listMembers(project),
    world.ada.client.listRollouts(project),
    world.ada.client.listSdkKeys(project, world.foreign.environment),
    world.ada.client.contextSigning(project, world.foreign.environment),
    world.ada.client.searchAudit(project, { limit: 1 }),
  ])
  return { flags, segments, units, members, rollouts, keys, signing, last: audit.entries[0]?.seq }
}

/** Made by naming it, in one's own project. */
const makes = ({ method, path }: DocumentedRoute, param: string): boolean =>
  method === 'PUT' && path.endsWith(`/{${param}}`) && ['segment', 'unit', 'metric'].includes(param)

/** What a segment would do is answered before it is there. */
const isQuestion = ({ path }: DocumentedRoute): boolean => /segments\/\{segment\}\/(members|forecast)$/.test(path)

const codeOf = (text: string): string | undefined =>
  z.object({ error: z.object({ code: z.string() }) }).safeParse(text === '' ? {} : JSON.parse(text)).data?.error.code

/** Everything but what was asked for, and what differs with each request. */
const impersonal = (text: string, id: string): string =>
  text.replaceAll(id, '…').replaceAll(/"(requestId|reference|at|createdAt|updatedAt|id)":"[^"]*"/g, '')

describe('a real id of another project', () => {
  it('is answered as one that was never given, in every parameter of every route, and nothing changes there', {
    timeout: 60_000,
  }, async () => {
    const before = await theirs()
    const wrong: string[] = []
    for (const route of ofProject()) {
      for (const param of paramsOf(route.path)) {
        const kind = kindOf(route.path, param)
        if (kind === undefined || makes(route, param)) continue
        const real = world.foreign[kind]
        const foreign = await send(route, fillIn(route.path, world.own, { [param]: real }), bodyOf(route))
        const unknown = await send(route, fillIn(route.path, world.own, { [param]: UNKNOWN }), bodyOf(route))
        tried.foreignIds++
        const same =
          foreign.status === unknown.status && impersonal(foreign.text, real) === impersonal(unknown.text, UNKNOWN)
        const notFound = foreign.status === 404 && codeOf(foreign.text)?.endsWith('not-found') === true
        if (same && (notFound || isQuestion(route))) continue
        wrong.push(`${route.method} ${route.path}, another ${param}: ${foreign.status} ${foreign.text.slice(0, 200)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(await theirs()).toEqual(before)
  })

  it('is refused in bodies too', async () => {
    const { own, foreign } = world
    const project = `/api/v1/projects/${own.project}`
    const configAt = `${project}/flags/${own.flag}/environments/${own.environment}`
    const config = { on: true, offVariant: 'off', prerequisites: [], rules: [], fallthrough: { variant: 'off' } }
    const rule = { id: 'r', serve: { variant: 'on' } }
    const bodies: [string, string, unknown][] = [
      ['PUT', configAt, { ...config, rules: [{ ...rule, when: { segment: foreign.segment } }] }],
      ['PUT', configAt, { ...config, rules: [{ ...rule, share: { unit: foreign.unit, percent: 1 } }] }],
      ['PUT', configAt, { ...config, prerequisites: [{ flag: foreign.flag, variants: ['on'] }] }],
      ['PUT', `${project}/segments/another`, { when: { segment: foreign.segment } }],
      ['PUT', `${project}/segments/another`, { list: { unit: foreign.unit, ids: ['a'] } }],
      [
        'POST',
        `${project}/rollouts`,
        { ...z.record(z.string(), z.unknown()).parse(bodyFor('POST /rollouts', own)), flag: foreign.flag },
      ],
      [
        'POST',
        `${project}/rollouts`,
        {
          ...z.record(z.string(), z.unknown()).parse(bodyFor('POST /rollouts', own)),
          environment: foreign.environment,
        },
      ],
      ['POST', `${configAt}/experiment`, { metrics: [{ key: foreign.metric }] }],
    ]
    const before = await theirs()
    for (const [method, path, body] of bodies) {
      const { status, text } = await send({ method, path, fields: [], takesJson: true }, path, body)
      expect([method, path, status >= 400 && status < 500, text.includes(foreign.project)]).toEqual([
        method,
        path,
        true,
        false,
      ])
      tried.foreignIds++
    }
    expect(await theirs()).toEqual(before)
  })
})

/** What the server itself sets. */
const SERVERS_OWN = {
  id: 'x',
  projectId: 'x',
  project_id: 'x',
  version: 99,
  createdAt: '2020-01-01T00:00:00Z',
  createdBy: 'x',
  author: { kind: 'person', id: 'x', name: 'x' },
  writers: [],
  status: 'applied',
  approvals: { given: 9 },
  archivedAt: null,
  salt: 'x',
  isAdmin: true,
  everywhere: 'admin',
}

describe('a field that a body should not have', () => {
  it('is refused with its name, on every route, and nothing is done', async () => {
    const head = async () => (await world.ada.client.verifyAudit()).head.seq
    const before = await head()
    const wrong: string[] = []
    for (const route of ofProject().filter(one => one.takesJson && !isCsv(one))) {
      const added = Object.entries(SERVERS_OWN).filter(([field]) => !route.fields.includes(field))
      const body = { ...z.record(z.string(), z.unknown()).parse(bodyOf(route)), ...Object.fromEntries(added) }
      const { status, text } = await send(route, fillIn(route.path, world.own), body)
      tried.addedFields += added.length
      const unnamed = added.filter(([field]) => !text.includes(field)).map(([field]) => field)
      if (status !== 400 || unnamed.length > 0) {
        wrong.push(`${route.method} ${route.path} takes ${unnamed.join()}: ${status} ${text.slice(0, 200)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(await head()).toBe(before)
  })
})

describe('a field that a part of a body should not have', () => {
  it.each(NESTED_BODIES)('is refused with its name at every depth: %s %s', async (method, path, body) => {
    const head = async () => (await world.ada.client.verifyAudit()).head.seq
    const before = await head()
    const address = `/api/v1/projects/${world.own.project}${path}`
    const wrong: string[] = []
    for (const [where, added] of withFieldAt(body)) {
      tried.addedFields++
      const { status, text } = await send({ method, path, fields: [], takesJson: true }, address, added)
      if (status !== 400 || !text.includes('ownerId')) wrong.push(`${where}: ${status} ${text.slice(0, 300)}`)
    }
    expect(wrong).toEqual([])
    expect(await head()).toBe(before)
  })
})

describe('another verb', () => {
  it('opens nothing: neither as it is nor named in a header or in the address', { timeout: 60_000 }, async () => {
    const { project, flag } = world.own
    const before = await world.ada.client.getFlag(project, flag)
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`))
    for (const path of new Set(ofProject().map(route => route.path))) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE']) {
        if (known.has(`${method} ${path}`)) continue
        const { status } = await ask(world.server.url, {
          method,
          path: fillIn(path, world.own),
          headers: { cookie: world.bert.cookie(), 'x-requested-with': 'dimmer' },
        })
        tried.verbs++
        expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true])
      }
    }
    for (const header of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
      const address = `/api/v1/projects/${project}/flags/${flag}`
      expect(
        (await world.bert.fetch(`${address}?_method=DELETE`, { headers: { [header]: 'DELETE' } })).status,
      ).toBeLessThan(500)
      tried.verbs++
    }
    expect(await world.ada.client.getFlag(project, flag)).toEqual(before)
  })
})

describe('a key of the wrong kind', () => {
  it('opens no route for people, and what people have opens none for SDKs', { timeout: 60_000 }, async () => {
    const { own, ada, server } = world
    const kinds = ['server', 'browser', 'edge'] as const
    const sdkKeys = await Promise.all(
      kinds.map(async kind => (await ada.client.createSdkKey(own.project, own.environment, { kind, name: kind })).key),
    )
    const personal = (await world.bert.client.createPersonalKey({ name: 'script' })).key
    const { routes: all } = server.application
    for (const { method, url, permission } of all()) {
      if (permission === 'public' || method === 'HEAD' || method === 'OPTIONS') continue
      const forSdk = permission.endsWith('-key')
      const path = fillIn(url.replaceAll(/:(\w+)/g, '{$1}'), own)
      // Who has no good key is held back after some tries.
      now += 10_000
      const keys = forSdk ? [personal, 'dmr_server_nothing'] : sdkKeys
      const asked = keys.map(key => ask(server.url, { method, path, headers: { authorization: `Bearer ${key}` } }))
      tried.keys += keys.length
      expect([method, url, ...(await Promise.all(asked)).map(({ status }) => status)]).toEqual([
        method,
        url,
        ...keys.map(() => 401),
      ])
    }
  })
})
