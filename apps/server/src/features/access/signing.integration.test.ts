import { randomUUID } from 'node:crypto'
import { type Context, signContext } from '@dimmer/node'
import type { ErrorCode, Track } from '@dimmer/protocol'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { createManualClock } from '../../adapters/manual-clock.ts'
import { createSealer } from '../../kernel/seal.ts'
import { ContextSigning } from './index.ts'

const { project, environment } = SAMPLE
const FREE_IN_BRITAIN = { accountId: 'acc-00009', plan: 'free', country: 'GB' }
const clock = createManualClock(Date.now())
const sealer = createSealer('a secret of these tests, of no use elsewhere')
let server: TestServer
let browser: string
beforeAll(async () => {
  server = await startTestServer({ clock, sealer: { with: sealer } })
  browser = await server.newKey(environment, 'browser')
})
afterAll(() => server.stop())

/** Each test begins with nothing signed, and leaves others nothing. */
beforeEach(async () => {
  await server.admin.putContextSigning(project, environment, { attributes: [] })
  const { secrets } = await server.admin.contextSigning(project, environment)
  for (const { id } of secrets) await server.admin.revokeSigningSecret(project, environment, id)
})

const newSecret = (name = 'shop') => server.admin.createSigningSecret(project, environment, { name })
const demand = (...attributes: string[]) => server.admin.putContextSigning(project, environment, { attributes })

const post = (path: string, key: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const codeOf = async (answer: Response): Promise<ErrorCode | 'ok'> => {
  const body: { readonly error?: { readonly code: ErrorCode } } = await answer.json()
  return body.error?.code ?? 'ok'
}
const evaluate = async (context: Context, key = browser) =>
  codeOf(await post('/ofrep/v1/evaluate/flags/ai-chatbot', key, { context }))
const track = async (units: Track['units'], context?: Context, key = browser) => {
  const { signedContext } = context ?? {}
  const one = { name: 'pdf.generated', at: clock.now(), units, ...(signedContext !== undefined && { signedContext }) }
  return codeOf(await post('/sdk/v1/events', key, { batchId: randomUUID(), sentAt: clock.now(), tracks: [one] }))
}

it('a secret is shown once, and stands nowhere in what can be read later', async () => {
  const { secret, id, prefix } = await newSecret()
  expect(secret).toMatch(/^dmr_sign_[\w-]{43}$/)
  const view = await server.admin.contextSigning(project, environment)
  expect(view.secrets.at(-1)).toMatchObject({ id, name: 'shop', prefix, revokedAt: null })
  expect(prefix).toBe(secret.slice(0, 13))
  expect(JSON.stringify(view)).not.toContain(secret)
  const rows = await server.db
    .withTables<{ signing_secrets: { secret: Buffer } }>()
    .selectFrom('signing_secrets')
    .selectAll()
    .execute()
  expect(rows.map(row => row.secret.toString('latin1')).join()).not.toContain(secret.slice(9))
  expect(JSON.stringify(await server.admin.searchAudit(project))).not.toContain(secret)
})

it('two secrets are valid at a time, so that one can follow the other; a revoked one is no longer believed', async () => {
  const [old, next] = [await newSecret('old'), await newSecret('next')]
  await expect(newSecret('third')).rejects.toMatchObject({
    code: 'signing-secrets',
    message: expect.stringMatching(/"(old|next)", "(old|next)"/),
  })
  const [byOld, byNext] = [old, next].map(({ secret }) => signContext(FREE_IN_BRITAIN, secret))
  if (byOld === undefined || byNext === undefined) throw new Error('two secrets')
  expect([await evaluate(byOld), await evaluate(byNext)]).toEqual(['ok', 'ok'])
  await server.admin.revokeSigningSecret(project, environment, old.id)
  expect([await evaluate(byOld), await evaluate(byNext)]).toEqual(['signature-invalid', 'ok'])
  expect((await newSecret('third')).name).toBe('third')
})

it('what has to be signed is refused unsigned: for evaluations and for tracks, from browsers only', async () => {
  const { secret } = await newSecret()
  const signed = signContext(FREE_IN_BRITAIN, secret, { now: clock.now() })
  const units = { account: FREE_IN_BRITAIN.accountId }
  expect([await evaluate(FREE_IN_BRITAIN), await track(units)]).toEqual(['ok', 'ok'])
  expect(await demand('accountId', 'plan')).toMatchObject({ attributes: ['accountId', 'plan'] })

  expect([await evaluate(FREE_IN_BRITAIN), await track(units)]).toEqual(['signature-required', 'signature-required'])
  expect([await evaluate(signed), await track(units, signed)]).toEqual(['ok', 'ok'])
  expect(await evaluate({ ...signed, plan: 'enterprise' })).toBe('signature-invalid')
  expect(await track({ account: 'acc-1' }, signed)).toBe('signature-invalid')
  expect(await evaluate({ country: 'GB' })).toBe('ok')

  const trusted = await server.newKey(environment)
  expect([await evaluate(FREE_IN_BRITAIN, trusted), await track(units, undefined, trusted)]).toEqual(['ok', 'ok'])
})

it('a track that its signature does not cover takes no other of its batch with it', async () => {
  const { secret } = await newSecret()
  await demand('accountId')
  const { signedContext = '' } = signContext(FREE_IN_BRITAIN, secret, { now: clock.now() })
  const one = { name: 'sorted', at: clock.now(), units: { account: FREE_IN_BRITAIN.accountId }, signedContext }
  const tracks = [one, { ...one, units: { account: 'acc-1' } }, { ...one, signedContext: `${signedContext}x` }]
  const answer = await post('/sdk/v1/events', browser, { batchId: randomUUID(), sentAt: clock.now(), tracks })
  expect(answer.status).toBe(202)
  const { refused } = await answer.json()
  expect(refused).toMatchObject({
    count: 2,
    details: [{ path: 'tracks.1', message: expect.stringContaining('"accountId"') }, { path: 'tracks.2' }],
  })
  const { names } = await server.admin.eventHealth(project, environment)
  expect(names.find(({ name }) => name === 'sorted')).toMatchObject({ unit: 'account', count: 1 })
})

it('a signature runs out', async () => {
  const { secret } = await newSecret()
  const signed = signContext(FREE_IN_BRITAIN, secret, { now: clock.now(), expiresInMs: 60_000 })
  expect(await evaluate(signed)).toBe('ok')
  clock.advance(3 * 60_000)
  expect(await evaluate(signed)).toBe('signature-expired')
})

it('a secret of one environment is of no use in another', async () => {
  const { secret } = await newSecret()
  const elsewhere = await server.newKey('development', 'browser')
  expect(await evaluate(signContext(FREE_IN_BRITAIN, secret, { now: clock.now() }), elsewhere)).toBe(
    'signature-invalid',
  )
})

it('the values, and their ETag, are those of the plain context: a new signature changes nothing', async () => {
  const { secret } = await newSecret()
  const bulk = async (context: Context, etag = '') =>
    post('/ofrep/v1/evaluate/flags', browser, { context }, { 'if-none-match': etag })
  const plain = await bulk(FREE_IN_BRITAIN)
  const etag = plain.headers.get('etag') ?? ''
  const signed = await bulk(signContext(FREE_IN_BRITAIN, secret, { now: clock.now() }))
  expect(await signed.json()).toEqual(await plain.json())
  expect((await bulk(signContext(FREE_IN_BRITAIN, secret, { now: clock.now() + 5_000 }), etag)).status).toBe(304)
})

it('nothing has to be signed before there is a secret, and revoking the last one lets nobody in unsigned', async () => {
  await expect(demand('accountId')).rejects.toMatchObject({ code: 'signing-secrets' })
  const { id } = await newSecret()
  await demand('accountId')
  await server.admin.revokeSigningSecret(project, environment, id)
  expect(await evaluate(FREE_IN_BRITAIN)).toBe('signature-required')
  await expect(server.admin.revokeSigningSecret(project, environment, 'none')).rejects.toMatchObject({
    code: 'secret-not-found',
  })
})

it('says when a secret was last used, so that one knows when the old one can go', async () => {
  const { secret, id } = await newSecret()
  const lastUsed = async () =>
    (await server.admin.contextSigning(project, environment)).secrets.find(one => one.id === id)?.lastUsedAt
  expect(await lastUsed()).toBe(null)
  const { environmentId } = await (
    await fetch(`${server.url}/sdk/v1/key`, { headers: { authorization: `Bearer ${browser}` } })
  ).json()
  const signing = new ContextSigning({ db: server.db, sealer })
  const signed = await signing.signedContexts(environmentId)
  signed.admit(signContext(FREE_IN_BRITAIN, secret, { now: clock.now() }), clock.now())
  await signing.saveLastUse(new Date(clock.now()))
  expect(await lastUsed()).toBe(new Date(clock.now()).toISOString())
})

it('edges get the secrets; nobody else does, not even the key itself', async () => {
  const { secret } = await newSecret()
  await demand('accountId')
  const ask = async (path: string, key: string) =>
    (await fetch(server.url + path, { headers: { authorization: `Bearer ${key}` } })).text()
  const [edge, trusted] = [await server.newKey(environment, 'edge'), await server.newKey(environment)]
  expect(JSON.parse(await ask('/sdk/v1/context-signing', edge))).toMatchObject({
    required: ['accountId'],
    secrets: [{ secret }],
  })
  expect(JSON.parse(await ask('/sdk/v1/context-signing', trusted))).toMatchObject({ secrets: [] })
  for (const key of [browser, edge, trusted]) expect(await ask('/sdk/v1/key', key)).not.toContain('dmr_sign_')
})

it('needs a key to seal with, and names the setting', async () => {
  const bare = await startTestServer({ sealer: { with: undefined } })
  await expect(bare.admin.createSigningSecret(project, environment, { name: 'shop' })).rejects.toMatchObject({
    code: 'not-configured',
    message: expect.stringContaining('DIMMER_SECRET_KEY'),
  })
  await bare.stop()
})
