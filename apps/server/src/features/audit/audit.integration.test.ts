import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const search = async (query: Parameters<TestServer['admin']['searchAudit']>[1]) =>
  (await server.admin.searchAudit(SAMPLE.project, query)).entries

const send = (method: string, path: string, options: { body?: unknown; headers?: Record<string, string> } = {}) =>
  fetch(`${server.url}/api/v1/projects/${SAMPLE.project}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...options.headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  })

describe('an entry', () => {
  it('says who, what, when, from where, why, and what differs', async () => {
    const answer = await send('PUT', '/flags/new-pdf-engine/environments/production/rules/rollout/share', {
      body: { unit: 'account', percent: 12 },
      headers: { 'dimmer-comment': encodeURIComponent('Größere Stichprobe'), 'user-agent': 'curl/8' },
    })
    expect(answer.status).toBe(200)
    const [entry] = await search({ flag: 'new-pdf-engine', limit: 1 })
    expect(entry).toMatchObject({
      who: { kind: 'person', id: 'local' },
      verb: 'share',
      object: { kind: 'flag', key: 'new-pdf-engine' },
      project: SAMPLE.project,
      environment: 'production',
      flag: 'new-pdf-engine',
      from: { ip: '127.0.0.1', userAgent: 'curl/8' },
      comment: 'Größere Stichprobe',
      changes: [{ path: 'rules.rollout.share.percent', before: 5, after: 12 }],
    })
  })

  it('of a kill stands out', async () => {
    await server.admin.kill(at('ai-chatbot'), 0)
    expect(await search({ flagged: 'kill' })).toMatchObject([
      { verb: 'kill', flag: 'ai-chatbot', flagged: 'kill', changes: [{ path: 'on', before: true, after: false }] },
    ])
  })

  it('of a key does not hold the key', async () => {
    const key = await server.newKey()
    const all = await (await send('GET', '/audit/export')).text()
    expect(all).toContain('sdk-key')
    expect(all).not.toContain(key)
    expect(all).not.toContain(createHash('sha256').update(key).digest('hex'))
  })

  it('is not written where nothing was changed', async () => {
    const { head } = await server.admin.verifyAudit(SAMPLE.project)
    expect((await send('POST', '/flags', { body: { key: 'bad key', type: 'boolean' } })).status).toBe(400)
    expect((await send('POST', '/flags', { body: { key: 'ai-chatbot', type: 'boolean' } })).status).toBe(409)
    expect((await server.admin.verifyAudit(SAMPLE.project)).head).toEqual(head)
  })
})

describe('a search', () => {
  it('goes by each thing that an entry says, and by text in its changes', async () => {
    const created = await search({ verb: 'create', object: 'flag' })
    expect(created).toHaveLength(5)
    expect(created.every(({ verb, object }) => verb === 'create' && object.kind === 'flag')).toBe(true)
    expect(await search({ actor: 'set', verb: 'create', object: 'project' })).toHaveLength(1)
    expect(await search({ actor: 'nobody' })).toHaveLength(0)
    expect((await search({ text: 'acc-00002' })).map(({ flag }) => flag)).toEqual(['bulk-invoice-api'])
    expect(await search({ text: '%' })).toHaveLength(0)
    expect(await search({ environment: 'development' })).toHaveLength(0)
    expect(await search({ to: '2020-01-01T00:00:00Z' })).toHaveLength(0)
    expect((await search({ from: '2020-01-01T00:00:00Z' })).length).toBeGreaterThan(6)
  })

  it('gives all entries once, page by page', async () => {
    const all = await search({ limit: 200 })
    const paged = []
    let next: number | null = Number.MAX_SAFE_INTEGER
    while (next !== null) {
      const page = await server.admin.searchAudit(SAMPLE.project, { limit: 3, before: next })
      paged.push(...page.entries)
      next = page.next
    }
    expect(paged).toEqual(all)
  })

  it('shows nothing of another project', async () => {
    await server.admin.createProject({ key: 'other', name: 'Other' })
    expect((await server.admin.searchAudit('other')).entries).toMatchObject([{ verb: 'create', project: 'other' }])
    expect((await search({ limit: 200 })).some(({ project }) => project !== SAMPLE.project)).toBe(false)
    const everything = await server.admin.searchAudit(undefined, { limit: 200 })
    expect(new Set(everything.entries.map(({ project }) => project))).toEqual(new Set(['other', SAMPLE.project]))
  })

  it.each(['?verb=frobnicate', '?from=yesterday', '?limit=0', '?before=x', '?nonsense=1'])(
    'refuses %s in words',
    async query => {
      const answer = await send('GET', `/audit${query}`)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid-request' } })
    },
  )
})

describe('an export', () => {
  it('is JSON lines from which every hash can be computed', async () => {
    const answer = await fetch(`${server.url}/api/v1/audit/export`)
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson')
    const lines = (await answer.text()).trimEnd().split('\n').reverse()
    let previous = '0'.repeat(64)
    for (const line of lines) {
      const entry = JSON.parse(line)
      expect(entry.previous).toBe(previous)
      const text = `${previous}\n${entry.seq}\n${canonicalJson(entry.body)}`
      previous = createHash('sha256').update(text).digest('hex')
      expect(entry.hash).toBe(previous)
      if (entry.details === null) continue
      const details = createHash('sha256')
        .update(`${entry.salt}\n${canonicalJson(entry.details)}`)
        .digest('hex')
      expect(entry.body.details).toBe(details)
    }
    expect(await server.admin.verifyAudit()).toMatchObject({
      intact: true,
      entries: lines.length,
      head: { seq: lines.length, hash: previous },
    })
  })
})

it('verification with an end that was kept elsewhere takes both its parts', async () => {
  const { head } = await server.admin.verifyAudit(SAMPLE.project)
  expect(await server.admin.verifyAudit(SAMPLE.project, head)).toMatchObject({ intact: true })
  expect(await server.admin.verifyAudit(undefined, { ...head, hash: 'f'.repeat(64) })).toMatchObject({
    intact: false,
    problem: { kind: 'rewritten' },
  })
  expect((await send('GET', '/audit/verify?seq=1')).status).toBe(400)
})
