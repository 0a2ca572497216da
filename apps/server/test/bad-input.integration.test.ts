import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ErrorCode } from '@dimmer/protocol'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, askBytes, expectRefusal, type RawRequest } from './raw-http.ts'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const FLAGS = '/api/v1/projects/invoicing/flags'
const CONFIG = `${FLAGS}/new-pdf-engine/environments/production`
const INDEX = '<!doctype html><title>Dimmer</title>'

let folder: string
let server: TestServer
let key: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-pages-'))
  await writeFile(join(folder, 'secret.txt'), 'not to be served')
  await mkdir(join(folder, 'dist/assets'), { recursive: true })
  await writeFile(join(folder, 'dist/index.html'), INDEX)
  await writeFile(join(folder, 'dist/assets/app.js'), 'console.log("app")')
  server = await startTestServer({ dashboardFolder: join(folder, 'dist') })
  key = await server.newKey()
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const sendAs = (type: string) => (method: string, path: string, body: string | Buffer) => ({
  method,
  path,
  body,
  headers: { 'content-type': type, 'content-length': String(Buffer.byteLength(body)), authorization: `Bearer ${key}` },
})
const json = sendAs('application/json')
const yaml = sendAs('application/yaml')
const nested = (open: string, close: string, depth = 10_000) => open.repeat(depth) + close.repeat(depth)
const deepList = nested('[', ']')
const deepObject = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
const flag = (parts: string) => json('POST', FLAGS, `{"key":"bad","type":"json",${parts}}`)
const config = (rules: string) =>
  json(
    'PUT',
    CONFIG,
    `{"on":true,"offVariant":"off","prerequisites":[],"rules":${rules},"fallthrough":{"variant":"off"}}`,
  )
const when = (condition: string) => config(`[{"id":"r","when":${condition},"serve":{"variant":"on"}}]`)
const batch = (parts: string) =>
  json('POST', '/sdk/v1/events', `{"batchId":"${randomUUID()}","sentAt":${Date.now()},${parts}}`)
const track = (name: string, more = '') =>
  batch(`"tracks":[{"name":"${name}","at":${Date.now()},"units":{"account":"a"}${more}}]`)
const ofrep = (context: string) => json('POST', '/ofrep/v1/evaluate/flags', `{"context":${context}}`)
const explain = (context: string) =>
  json(
    'POST',
    '/api/v1/projects/invoicing/environments/production/explain',
    `{"flag":"ai-chatbot","context":${context}}`,
  )

/** Everything that a request could have changed. */
const everything = async () => ({
  projects: await server.admin.listProjects(),
  flags: await server.admin.listFlags(SAMPLE.project),
  rollouts: await server.admin.listRollouts(SAMPLE.project),
  keys: (await server.admin.listSdkKeys(SAMPLE.project, SAMPLE.environment)).length,
  events: (
    await sql`select (select count(*) from unit_events) as tracks, (select count(*) from exposure_counts) as counts,
      (select count(*) from directory_units) as units, (select count(*) from event_batches) as batches`.execute(
      server.db,
    )
  ).rows,
})

async function expectNothingButRefusal(asked: RawRequest, code: ErrorCode): Promise<void> {
  const before = await everything()
  expectRefusal(await ask(server.url, asked), code)
  expect(await everything()).toEqual(before)
}

describe('a body', () => {
  const cases: [string, () => RawRequest, ErrorCode][] = [
    ['cut off', () => json('POST', FLAGS, '{"key":"bad"'), 'malformed-json'],
    ['empty', () => json('POST', FLAGS, ''), 'malformed-json'],
    ['that is a list', () => json('POST', FLAGS, '[]'), 'invalid-request'],
    ['that is null', () => json('POST', FLAGS, 'null'), 'invalid-request'],
    ['with __proto__', () => flag('"__proto__":{"admin":true}'), 'malformed-json'],
    ['with constructor.prototype', () => flag('"constructor":{"prototype":{"a":1}}'), 'malformed-json'],
    [
      'with __proto__ in YAML',
      () => yaml('POST', FLAGS, 'key: bad\ntype: boolean\n__proto__: { a: 1 }'),
      'invalid-request',
    ],
    [
      'with a variant called __proto__',
      () => yaml('POST', FLAGS, 'key: bad\ntype: json\nvariants: { on: 1, __proto__: 1 }'),
      'invalid-request',
    ],
    [
      'of broken UTF-8',
      () => json('POST', FLAGS, Buffer.from('{"key":"bad","type":"boolean","name":"\xff"}', 'latin1')),
      'malformed-json',
    ],
    [
      'of broken UTF-8 in YAML',
      () => yaml('POST', FLAGS, Buffer.from('key: bad\ntype: boolean\nname: \xff', 'latin1')),
      'malformed-json',
    ],
    ['with half a surrogate pair', () => flag('"variants":{"a":"\\ud800"}'), 'invalid-request'],
    ['with a NUL in a variant', () => flag('"variants":{"a":"\\u0000"}'), 'invalid-request'],
    [
      'of 50 MB in chunks',
      () => ({
        method: 'POST',
        path: FLAGS,
        body: Buffer.alloc(50 * 1024 * 1024, 32),
        headers: { 'content-type': 'application/json' },
      }),
      'body-too-large',
    ],
    [
      'of 50 MB from an SDK',
      () => json('POST', '/sdk/v1/events', Buffer.alloc(50 * 1024 * 1024, 32)),
      'body-too-large',
    ],
    [
      'in YAML that grows a billion times',
      () =>
        yaml(
          'POST',
          FLAGS,
          [
            'a: &a [x,x,x,x,x,x,x,x,x]',
            ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}]`),
          ].join('\n'),
        ),
      'malformed-json',
    ],
  ]
  it.each(cases)('%s is refused', (_name, asked, code) => expectNothingButRefusal(asked(), code))
})

describe('10,000 levels', () => {
  const cases: [string, () => RawRequest, ErrorCode][] = [
    ['in a body of another shape', () => json('POST', FLAGS, deepList), 'invalid-request'],
    ['in a variant', () => flag(`"variants":{"a":${deepList}}`), 'invalid-request'],
    [
      'in a condition',
      () => when(`${'{"not":'.repeat(10_000)}{"attribute":"a","op":"exists"}${'}'.repeat(10_000)}`),
      'invalid-request',
    ],
    ['in an operand', () => when(`{"attribute":"a","op":"equals","value":${deepList}}`), 'invalid-request'],
    [
      'in attributes',
      () => batch(`"identifies":[{"at":1,"units":{"account":"a"},"attributes":{"x":${deepObject}}}]`),
      'invalid-request',
    ],
    ['in a context for OFREP', () => ofrep(deepObject), 'invalid-request'],
    ['in a context to explain', () => explain(deepObject), 'invalid-request'],
    ['in YAML', () => yaml('POST', FLAGS, `key: ${deepList}`), 'malformed-json'],
  ]
  it.each(cases)('%s are refused', (_name, asked, code) => expectNothingButRefusal(asked(), code))
})

describe('a number', () => {
  const share = (percent: string) =>
    json('PUT', `${CONFIG}/rules/rollout/share`, `{"unit":"account","percent":${percent}}`)
  const cases: [string, () => RawRequest, ErrorCode][] = [
    ['beyond all numbers as a percent', () => share('1e999'), 'invalid-request'],
    ['as large as they go as a percent', () => share('1.7e308'), 'invalid-request'],
    ['as text as a percent', () => share('"5"'), 'invalid-request'],
    ['beyond all numbers as a variant', () => flag('"variants":{"a":1e999}'), 'invalid-request'],
    [
      'beyond all numbers as a weight',
      () => config('[{"id":"r","serve":{"split":{"unit":"user","arms":[{"variant":"on","weight":1e999}]}}}]'),
      'invalid-request',
    ],
    [
      'beyond 2^53 as a version',
      () => json('POST', '/sdk/v1/receipts', '{"version":9007199254740993,"state":"live"}'),
      'invalid-request',
    ],
    [
      'beyond all numbers as a version in an address',
      () => ({ path: '/api/v1/projects/invoicing/environments/production/receipts?version=1e999' }),
      'invalid-request',
    ],
    ['beyond a day of waiting', () => ({ method: 'POST', path: `${CONFIG}/kill?waitMs=99999999` }), 'invalid-request'],
    ['beyond all numbers as a duration', () => track('n', ',"ms":1e999'), 'invalid-request'],
    [
      'of counts that together are beyond a counter',
      () =>
        batch(
          `"exposures":[${Array(2_000).fill('{"flag":"f","flagVersion":1,"variant":"on","count":9007199254740991}').join()}]`,
        ),
      'invalid-request',
    ],
  ]
  it.each(cases)('%s is refused', (_name, asked, code) => expectNothingButRefusal(asked(), code))
})

describe('text in events', () => {
  it.each([
    ['half a surrogate pair in a name', () => track('\\ud800')],
    [
      'half a surrogate pair in an attribute',
      () => batch('"identifies":[{"at":1,"units":{"account":"a"},"attributes":{"x":"\\udfff"}}]'),
    ],
    [
      'a NUL in an attribute',
      () => batch('"identifies":[{"at":1,"units":{"account":"a"},"attributes":{"x":"\\u0000"}}]'),
    ],
  ])('with %s is refused', (_name, asked) => expectNothingButRefusal(asked(), 'invalid-request'))
})

describe('a rule', () => {
  const tests = (count: number) =>
    Array.from({ length: count }, (_, n) => `{"attribute":"a${n}","op":"equals","value":${n}}`).join()

  it('may have 500 conditions, and works', async () => {
    const before = await server.admin.getFlag(SAMPLE.project, 'new-pdf-engine')
    const answer = await ask(server.url, when(`{"any":[${tests(500)}]}`))
    expect(answer.status).toBe(200)
    const evaluated = await ask(
      server.url,
      json('POST', '/ofrep/v1/evaluate/flags/new-pdf-engine', '{"context":{"a499":499}}'),
    )
    expect(JSON.parse(evaluated.text)).toMatchObject({ value: true })
    const production = before.environments.find(({ environment }) => environment === SAMPLE.environment)
    if (production === undefined) throw new Error('the sample flag is in production')
    const { on, offVariant, prerequisites, rules, fallthrough } = production
    await server.admin.putFlagConfig(
      { ...SAMPLE, flag: before.key },
      { on, offVariant, prerequisites, rules, fallthrough },
    )
  })

  it('with 501 is refused', () => expectNothingButRefusal(when(`{"any":[${tests(501)}]}`), 'invalid-request'))
})

describe('an address', () => {
  const cases: [string, RawRequest, ErrorCode][] = [
    ['under /api that is not there', { path: '/api/v1/nothing' }, 'not-found'],
    [
      'under /api that is not there, for a browser',
      { path: '/api/nothing', headers: { accept: 'text/html' } },
      'not-found',
    ],
    [
      'under /sdk that is not there, for a browser',
      { path: '/sdk/v2/ruleset', headers: { accept: 'text/html' } },
      'not-found',
    ],
    ['of an asset that is not there', { path: '/assets/old.js', headers: { accept: '*/*' } }, 'not-found'],
    ['with broken percent signs', { path: '/api/v1/projects/%ff/flags' }, 'not-found'],
    ['with a flag key of 1,000 characters', { path: `${FLAGS}/${'x'.repeat(1_000)}` }, 'not-found'],
    ['with a flag key with spaces', { path: `${FLAGS}/my%20flag` }, 'invalid-request'],
    ['with a slash in a flag key', { path: `${FLAGS}/a%2fb` }, 'invalid-request'],
    ['of a flag called as a built-in', { path: `${FLAGS}/constructor` }, 'flag-not-found'],
    [
      'of a rollout whose id is none',
      { path: "/api/v1/projects/invoicing/rollouts/'%20or%201=1" },
      'rollout-not-found',
    ],
    [
      'of a key whose id is none',
      { method: 'DELETE', path: '/api/v1/projects/invoicing/environments/production/keys/none' },
      'key-not-found',
    ],
    ['with NUL', { path: '/api/v1/projects/invoicing/rollouts/%00' }, 'invalid-request'],
    ['with an unknown query', { path: '/api/v1/projects/invoicing/hygiene/stale?dyas=3' }, 'invalid-request'],
    ['with a date that is none', { path: '/api/v1/projects/invoicing/hygiene/stale?asOf=soon' }, 'invalid-request'],
    ['asked with OPTIONS', { method: 'OPTIONS', path: FLAGS }, 'not-found'],
    ['asked with TRACE', { method: 'TRACE', path: FLAGS }, 'not-found'],
    ['asked with PROPFIND', { method: 'PROPFIND', path: FLAGS }, 'not-found'],
    [
      'of a page, written to',
      { method: 'POST', path: '/p/invoicing/flags', headers: { accept: 'text/html' } },
      'not-found',
    ],
  ]
  it.each(cases)('%s is refused', (_name, asked, code) => expectNothingButRefusal(asked, code))

  it('of OFREP says in its own words that a flag called as a built-in is not there', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const answer = await ask(server.url, json('POST', `/ofrep/v1/evaluate/flags/${name}`, '{}'))
      expect([answer.status, JSON.parse(answer.text).errorCode]).toEqual([404, 'FLAG_NOT_FOUND'])
    }
  })
})

describe('a request that is hardly HTTP', () => {
  it.each([
    ['an unknown verb', 'BREW /api/v1/projects HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['headers of 100 kB', `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ])('with %s gets an answer from the catalogue', async (_name, bytes) => {
    const [head = '', text = ''] = (await askBytes(server.url, bytes)).split('\r\n\r\n')
    expectRefusal({ status: Number(head.split(' ')[1]), text }, 'invalid-request')
  })
})

describe('HEAD', () => {
  it('answers as GET does, without a body', async () => {
    const answer = await ask(server.url, { method: 'HEAD', path: '/api/v1/projects' })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  it('of a stream is refused, and leaves no instance behind that never confirms', async () => {
    const headers = { authorization: `Bearer ${key}`, 'x-dimmer-instance': 'head' }
    for (const path of ['/sdk/v1/stream', '/sdk/v1/client-stream', '/api/v1/projects/invoicing/live']) {
      expect((await ask(server.url, { method: 'HEAD', path, headers })).status).toBe(404)
    }
    expect(await server.admin.listInstances(SAMPLE.project, SAMPLE.environment)).toEqual([])
  })
})

describe('the dashboard', () => {
  const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  it.each(['/', '/p/invoicing/flags', '/p/invoicing/flags/a.b', '/p/invoicing/rollouts/1?env=production'])(
    'is at %s',
    async path => {
      const answer = await ask(server.url, { path, headers: page })
      expect([answer.status, answer.text]).toEqual([200, INDEX])
    },
  )

  it('says itself that an address is wrong', async () => {
    const answer = await ask(server.url, { path: '/nothing/here', headers: page })
    expect([answer.status, answer.text]).toEqual([404, INDEX])
    expect(answer.headers['cache-control']).toBe('no-cache')
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/p/../../secret.txt',
    '//secret.txt',
    '/assets/%00/../../secret.txt',
  ])('does not let %s out of its folder', async path => {
    const answer = await ask(server.url, { path })
    expect(answer.text).not.toContain('not to be served')
    expect(answer.status).toBe(path.startsWith('/p/') ? 200 : 404)
  })
})
