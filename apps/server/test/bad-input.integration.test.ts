import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '@dimmer/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type RawRequest } from './raw-http.ts'
import { expectNothingButRefusal } from './refusals.ts'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const FLAGS = '/api/v1/projects/invoicing/flags'
const CONFIG = `${FLAGS}/new-pdf-engine/environments/production`

let server: TestServer
let key: string
beforeAll(async () => {
  server = await startTestServer()
  key = await server.newKey()
})
afterAll(() => server.stop())

const sendAs = (type: string) => (method: string, path: string, body: string | Buffer) => ({
  method,
  path,
  body,
  headers: {
    'content-type': type,
    'content-length': String(Buffer.byteLength(body)),
    ...(path.startsWith('/api/') ? {} : { authorization: `Bearer ${key}` }),
  },
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
  it.each(cases)('%s is refused', (_name, asked, code) => expectNothingButRefusal(server, asked(), code))
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
    [
      'in a circle of YAML',
      () => yaml('POST', FLAGS, 'key: bad\ntype: json\nvariants: { on: &a [*a] }'),
      'invalid-request',
    ],
    ['in YAML', () => yaml('POST', FLAGS, `key: ${deepList}`), 'malformed-json'],
  ]
  it.each(cases)('%s are refused', (_name, asked, code) => expectNothingButRefusal(server, asked(), code))
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
  it.each(cases)('%s is refused', (_name, asked, code) => expectNothingButRefusal(server, asked(), code))
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
  ])('with %s is refused', (_name, asked) => expectNothingButRefusal(server, asked(), 'invalid-request'))
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

  it('with 501 is refused', () => expectNothingButRefusal(server, when(`{"any":[${tests(501)}]}`), 'invalid-request'))
})
