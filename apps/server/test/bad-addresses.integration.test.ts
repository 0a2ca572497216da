import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ErrorCode } from '@dimmer/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, askBytes, type RawRequest } from './raw-http.ts'
import { expectNothingButRefusal, expectRefusal } from './refusals.ts'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const FLAGS = '/api/v1/projects/invoicing/flags'
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
  it.each(cases)('%s is refused', (_name, asked, code) => expectNothingButRefusal(server, asked, code))

  it('of OFREP says in its own words that a flag called as a built-in is not there', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const answer = await ask(server.url, {
        method: 'POST',
        path: `/ofrep/v1/evaluate/flags/${name}`,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: '{}',
      })
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
