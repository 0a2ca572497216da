import type { OfrepBulkAnswer } from '@dimmer/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryBus } from '../src/adapters/memory-bus.ts'
import { type OpenStream, openStream, streamAddress } from './open-stream.ts'
import { at, SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const MINUTE_MS = 60_000

let now = Date.UTC(2026, 5, 1, 12)
const nodes: TestServer[] = []
const opened: OpenStream[] = []
beforeAll(async () => {
  const first = await startTestServer({ clock: { now: () => now } })
  nodes.push(first)
  const { databaseUrl } = first
  nodes.push(await startTestServer({ databaseUrl, bus: createMemoryBus(), clock: { now: () => now } }))
})
afterAll(async () => {
  for (const stream of opened) stream.stop()
  for (const node of nodes.toReversed()) await node.stop()
})

function nodeAt(index: number): TestServer {
  const found = nodes[index]
  if (found === undefined) throw new Error(`there is no node ${index}`)
  return found
}
const node = () => nodeAt(0)
const other = () => nodeAt(1)
const newKey = () =>
  node().admin.createSdkKey(SAMPLE.project, SAMPLE.environment, { kind: 'browser', name: `page ${opened.length}` })

const bulk = (key: string, headers: Record<string, string> = {}) =>
  fetch(`${node().url}/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: '{}',
  })

const answerOf = async (answer: Response): Promise<OfrepBulkAnswer> => answer.json()

const addressFor = (key: string) => streamAddress(node().url, key)

async function listen(url: string, headers: Record<string, string> = {}): Promise<OpenStream> {
  const stream = await openStream(url, headers)
  opened.push(stream)
  return stream
}

it('the address of a page’s stream has a token in it and not the key, and is good at every node', async () => {
  const { key } = await newKey()
  const address = await addressFor(key)
  expect(address).toMatch(/^\/sdk\/v1\/client-stream\?token=dmr_stream_[\w-]+&version=\d+$/)
  expect(address).not.toContain(key)
  expect(await addressFor(key)).toBe(address)
  const streams = [await listen(node().url + address), await listen(other().url + address)]
  expect(streams.map(({ status }) => status)).toEqual([200, 200])
  await node().admin.switchFlag(at('maintenance-mode'), true)
  await expect
    .poll(() => streams.map(({ text }) => text.includes('refetchEvaluation')), { timeout: 5_000 })
    .toEqual([true, true])
})

it('opens nothing but a stream, and not with a letter changed', async () => {
  const address = await addressFor((await newKey()).key)
  const token = new URLSearchParams(address.split('?')[1]).get('token') ?? ''
  const statuses = await Promise.all(
    [
      `/sdk/v1/client-stream?token=${token.replace(/.$/, 'x')}`,
      '/sdk/v1/client-stream?token=',
      `/sdk/v1/key?token=${token}`,
      `/sdk/v1/key?key=${token}`,
      `/sdk/v1/stream?token=${token}`,
    ].map(async path => (await fetch(node().url + path)).status),
  )
  expect(statuses).toEqual([401, 401, 401, 401, 401])
})

it('over after some minutes: streams that are open stay, and whoever asks for values gets another, also if none changed', async () => {
  const { key } = await newKey()
  const before = await bulk(key)
  const etag = before.headers.get('etag') ?? ''
  expect((await bulk(key, { 'if-none-match': etag })).status).toBe(304)
  const address = (await answerOf(before)).eventStreams?.[0]?.endpoint.requestUri ?? ''
  const open = await listen(node().url + address)
  expect(open.status).toBe(200)

  now += 20 * MINUTE_MS
  expect((await fetch(node().url + address)).status).toBe(401)
  const after = await bulk(key, { 'if-none-match': etag })
  expect(after.status).toBe(200)
  const next = (await answerOf(after)).eventStreams?.[0]?.endpoint.requestUri ?? ''
  expect((await listen(node().url + next)).status).toBe(200)
  await node().admin.switchFlag(at('maintenance-mode'), false)
  await expect.poll(() => open.text).toContain('refetchEvaluation')
  expect(open.ended).toBe(false)
})

it('ends with its key, on every node: open streams within seconds, and no other opens', async () => {
  const made = await newKey()
  const address = await addressFor(made.key)
  const streams = [await listen(node().url + address), await listen(other().url + address)]
  await node().admin.revokeSdkKey(SAMPLE.project, SAMPLE.environment, made.id)
  await expect.poll(() => streams.map(({ ended }) => ended), { timeout: 5_000 }).toEqual([true, true])
  now += 2_000
  for (const { url } of nodes) expect((await fetch(url + address)).status).toBe(401)
})

it('a change between the values and the stream, or while the stream was broken, is told when it opens', async () => {
  const { key } = await newKey()
  const address = await addressFor(key)
  const { version } = await node().admin.switchFlag(at('maintenance-mode'), true)
  const told = `data: {"type":"refetchEvaluation","version":${version}}`
  const late = await listen(node().url + address)
  await expect.poll(() => late.text).toContain(told)
  const back = await listen(node().url + address, { 'last-event-id': String(version - 1) })
  await expect.poll(() => back.text).toContain(told)

  const upToDate = await listen(node().url + address, { 'last-event-id': String(version) })
  await expect.poll(() => upToDate.text).toContain(`data: {"type":"hello","version":${version},`)
  const after = await node().admin.switchFlag(at('maintenance-mode'), false)
  await expect.poll(() => upToDate.text).toContain(`{"type":"refetchEvaluation","version":${after.version}}`)
  expect(upToDate.text).not.toContain(told)
})

it('changes leave the address as it is, so that nobody opens a stream anew; it says of them all the same', async () => {
  const { key } = await newKey()
  now += 20 * MINUTE_MS
  const address = await addressFor(key)
  const { version } = await node().admin.switchFlag(at('maintenance-mode'), true)
  expect(await addressFor(key)).toBe(address)
  const late = await listen(node().url + address)
  await expect.poll(() => late.text).toContain(`data: {"type":"refetchEvaluation","version":${version}}`)
  now += 10 * MINUTE_MS
  const next = await addressFor(key)
  expect(next).not.toBe(address)
  const upToDate = await listen(node().url + next)
  await expect.poll(() => upToDate.text).toContain(`{"type":"hello","version":${version},`)
  expect(upToDate.text).not.toContain('refetchEvaluation')
})

it('pages hear heartbeats as messages, which is all that they can hear', async () => {
  const { databaseUrl } = node()
  const quick = await startTestServer({
    databaseUrl,
    bus: createMemoryBus(),
    clock: { now: () => now },
    heartbeatMs: 100,
  })
  try {
    const stream = await listen(quick.url + (await addressFor((await newKey()).key)))
    await expect.poll(() => stream.text).toContain('data: {"type":"heartbeat"}')
    expect(stream.text).toContain('"heartbeatMs":100,"cutOff":false}')
  } finally {
    await quick.stop()
  }
})

it('a rule that begins without a change of the flag is no "not modified", and open pages hear of it', async () => {
  const rule = { id: 'soon', from: new Date(now + MINUTE_MS).toISOString(), serve: { variant: 'on' } }
  const config = { on: true, offVariant: 'off', prerequisites: [], rules: [rule], fallthrough: { variant: 'off' } }
  await node().admin.createFlag(SAMPLE.project, { key: 'begins', type: 'boolean', config })
  const { version } = await node().admin.switchFlag(at('begins'), true)
  const { key } = await newKey()
  const begins = async (answer: Response) => (await answerOf(answer)).flags.find(flag => flag.key === 'begins')?.value
  const before = await bulk(key)
  const etag = before.headers.get('etag') ?? ''
  expect(await begins(before)).toBe(false)
  expect((await bulk(key, { 'if-none-match': etag })).status).toBe(304)
  const address = await addressFor(key)
  const open = [await listen(node().url + address), await listen(other().url + address)]
  // The other node takes the flag a little later.
  const has = ({ text }: { readonly text: string }) => text.includes(`"version":${version}}`)
  await expect.poll(() => open.every(has), { timeout: 5_000 }).toBe(true)
  now += MINUTE_MS
  const told = /data: {"type":"refetchEvaluation","version":\d+,"again":true}/
  await expect.poll(() => open.every(({ text }) => told.test(text)), { timeout: 5_000 }).toBe(true)
  expect(await begins(await bulk(key, { 'if-none-match': etag }))).toBe(true)
  // One whose stream was broken meanwhile comes back with what it had.
  const back = await listen(node().url + address, { 'last-event-id': String(version) })
  await expect.poll(() => told.test(back.text)).toBe(true)
})
