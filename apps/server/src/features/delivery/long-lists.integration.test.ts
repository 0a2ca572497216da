import { createClient } from '@dimmer/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'

let server: TestServer
let sdkKey: string
beforeAll(async () => {
  server = await startTestServer()
  sdkKey = await server.newKey()
})
afterAll(() => server.stop())

const ids = (count: number, prefix = 'acc') => Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
const upload = (list: string[]) =>
  server.admin.putSegment(SAMPLE.project, 'many', { name: 'Many', list: { unit: 'account', ids: list } })
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers: { authorization: `Bearer ${sdkKey}`, ...headers } })

/** The first `put` of a stream. */
async function firstPut(headers: Record<string, string>) {
  const { body } = await fetch(`${server.url}/sdk/v1/stream`, {
    headers: { authorization: `Bearer ${sdkKey}`, ...headers },
  })
  let text = ''
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString()
    const put = /event: put\nid: \d+\ndata: (.*)\n\n/.exec(text)
    if (put !== null) return JSON.parse(put[1] ?? '')
  }
  throw new Error('no put')
}

it('a long list travels by its hash to those who ask for that, and whole to all others', async () => {
  await upload(ids(5_000))
  const whole = await firstPut({})
  expect(whole.segments.many.list.ids).toHaveLength(5_000)
  const { list } = (await firstPut({ 'x-dimmer-lists': 'by-hash' })).segments.many
  expect(list).toEqual({ unit: 'account', hash: expect.any(String), count: 5_000 })

  const answer = await get(`/sdk/v1/lists/${list.hash}`)
  expect(answer.headers.get('cache-control')).toContain('immutable')
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(await answer.json()).toEqual(ids(5_000))
  expect((await get('/sdk/v1/lists/nothing')).status).toBe(404)
})

it("a list of one environment can't be had with a key of another project's, nor with a browser's", async () => {
  const { hash } = (await firstPut({ 'x-dimmer-lists': 'by-hash' })).segments.many.list
  await server.admin.createProject({ key: 'other', name: 'Other' })
  const { key } = await server.admin.createSdkKey('other', 'production', { kind: 'server', name: 'other' })
  const browser = await server.newKey('production', 'browser')
  expect((await get(`/sdk/v1/lists/${hash}`, { authorization: `Bearer ${key}` })).status).toBe(404)
  expect((await get(`/sdk/v1/lists/${hash}`, { authorization: `Bearer ${browser}` })).status).toBe(403)
})

it('an SDK that is connected follows a long list as it changes', async () => {
  await server.admin.createFlag(SAMPLE.project, { key: 'for-many', type: 'boolean' })
  await server.admin.putFlagConfig(
    { ...SAMPLE, flag: 'for-many' },
    {
      on: true,
      offVariant: 'off',
      prerequisites: [],
      rules: [{ id: 'many', when: { segment: 'many' }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    },
  )
  const client = createClient({ url: server.url, sdkKey, log: () => undefined })
  await expect.poll(() => client.status().state, { timeout: 5_000 }).toBe('live')
  expect(client.isEnabled('for-many', { accountId: 'acc-4999' })).toBe(true)
  await upload([...ids(3_000, 'new'), 'acc-1'])
  await expect.poll(() => client.isEnabled('for-many', { accountId: 'new-2999' }), { timeout: 5_000 }).toBe(true)
  expect(client.isEnabled('for-many', { accountId: 'acc-1' })).toBe(true)
  expect(client.isEnabled('for-many', { accountId: 'acc-4999' })).toBe(false)
  await client.close()
})

it('the ruleset is compressed for those who can take that, and not sent at all to those who have it', async () => {
  const packed = await get('/sdk/v1/ruleset')
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(packed.headers.get('vary')).toContain('accept-encoding')
  const plain = await get('/sdk/v1/ruleset', { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await packed.json()).toEqual(await plain.json())
  const etag = plain.headers.get('etag') ?? ''
  expect((await get('/sdk/v1/ruleset', { 'if-none-match': etag })).status).toBe(304)
})
