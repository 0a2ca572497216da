import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CLIENT_KEY, EvaluationServer } from '../test/evaluation-server.ts'
import { openPage, soon } from '../test/page.ts'
import { SDK_VERSION } from './api.ts'
import { type BrowserClientOptions, createBrowserClient } from './index.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('loads the values of its context', async () => {
  const server = new EvaluationServer({ a: true, colour: 'green' })
  const client = openPage(server)
  expect(client.getSnapshot()).toMatchObject({ status: 'loading', version: undefined })
  expect(client.isEnabled('a')).toBe(false)
  expect(await client.ready()).toMatchObject({ status: 'ready', version: 1 })
  expect(server.asked[0]?.context).toEqual({ accountId: 'acc-1' })
  expect(client.isEnabled('a')).toBe(true)
  expect(client.getSnapshot().flags.get('colour')).toEqual({
    value: 'green',
    variant: 'green',
    reason: 'TARGETING_MATCH',
  })
})

it('gives a value only if it is of the type of the fallback', async () => {
  const client = openPage(
    new EvaluationServer({ on: true, colour: 'green', limit: 10, limits: { max: 3 }, list: [1], nothing: null }),
  )
  await client.ready()
  const colour: string = client.value('colour', 'blue')
  const limit: number = client.value('limit', 1)
  expect([colour, limit, client.value('on', false)]).toEqual(['green', 10, true])
  expect(client.value('limits', { max: 1 })).toEqual({ max: 3 })
  expect(client.value('limits', null)).toEqual({ max: 3 })
  expect(client.value('nothing', null)).toBe(null)
  expect(client.value('unknown', null)).toBe(null)
  expect(client.value('colour', 1)).toBe(1)
  expect(client.value('list', { max: 1 })).toEqual({ max: 1 })
  expect(client.value('nothing', 'blue')).toBe('blue')
  expect(client.value('unknown', 'blue')).toBe('blue')
  expect([client.isEnabled('colour'), client.isEnabled('limit'), client.isEnabled('unknown')]).toEqual([
    false,
    false,
    false,
  ])
})

it('is ready at once with the values that came with the page, and then takes the current ones', async () => {
  const server = new EvaluationServer({ a: false, b: true })
  const client = openPage(server, { bootstrap: { a: true } })
  expect(client.getSnapshot()).toMatchObject({ status: 'ready', version: undefined })
  expect(client.isEnabled('a')).toBe(true)
  await soon()
  expect([client.isEnabled('a'), client.isEnabled('b')]).toEqual([false, true])
  expect(client.getServerSnapshot().flags.get('a')).toEqual({ value: true })
})

it('keeps the values that came with the page when the server is away, and says that they are stale', async () => {
  const server = new EvaluationServer()
  server.status = 0
  const client = openPage(server, { bootstrap: { a: true } })
  await soon()
  expect(client.getSnapshot().status).toBe('stale')
  expect(client.isEnabled('a')).toBe(true)
})

it('asks again when the server has a new version, and tells listeners', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  await soon()
  const heard = vi.fn()
  const off = client.subscribe(heard)
  server.publish({ a: false })
  await soon()
  expect(client.isEnabled('a')).toBe(false)
  expect(heard).toHaveBeenCalledTimes(1)
  off()
  server.publish({ a: true })
  await soon()
  expect(heard).toHaveBeenCalledTimes(1)
})

it('asks again when a rule begins, though the version is the same, also while it is asking', async () => {
  const server = new EvaluationServer({ a: false })
  const client = openPage(server)
  await client.ready()
  server.stream.open()
  await soon()
  server.begin({ a: true })
  await soon()
  expect(client.isEnabled('a')).toBe(true)
  server.held = true
  server.begin({ a: true })
  await soon()
  const asked = server.asked.length
  server.begin({ a: false })
  server.held = false
  server.asked.at(-1)?.answer()
  await soon()
  expect(server.asked.length).toBe(asked + 1)
  expect(client.isEnabled('a')).toBe(false)
})

it('keeps the same snapshot and the same flags while nothing changes', async () => {
  const server = new EvaluationServer({ a: { deep: [1] }, b: 1 })
  const client = openPage(server)
  await client.ready()
  const before = client.getSnapshot()
  await soon()
  expect([server.stream.readyState, server.asked.length]).toEqual([1, 1])
  server.stream.tell({ type: 'heartbeat' })
  server.stream.tell({ type: 'refetchEvaluation', version: 1 })
  await soon()
  expect(server.asked.length).toBe(1)
  expect(client.getSnapshot()).toBe(before)
  server.publish({ a: { deep: [1] }, b: 2 })
  await soon()
  expect(client.getSnapshot().flags.get('a')).toBe(before.flags.get('a'))
  expect(client.getSnapshot().flags.get('b')).toMatchObject({ value: 2 })
})

it('asks with its ETag, which a new context voids', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  server.stream.break()
  server.stream.open()
  await soon()
  await client.setContext({ accountId: 'acc-2' })
  expect(server.asked.map(({ etag }) => etag)).toEqual([null, '[1,{"accountId":"acc-1"}]', null])
})

it('does not ask for each of many changes that come at once', async () => {
  const server = new EvaluationServer({ n: 0 })
  const client = openPage(server)
  await client.ready()
  for (let n = 1; n <= 50; n++) server.publish({ n })
  await soon()
  expect(client.value('n', 0)).toBe(50)
  expect(server.asked.length).toBeLessThanOrEqual(3)
})

it('asks again later when the answer is older than what it was told of', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  await soon()
  server.stream.send({ type: 'refetchEvaluation', version: 2 })
  await soon()
  expect(server.asked.length).toBe(2)
  server.version = 2
  server.evaluate = () => ({ a: false })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(client.getSnapshot().version).toBe(2)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(server.asked.length).toBe(3)
})

it('lets the last of several contexts win, in whatever order the answers come', async () => {
  const server = new EvaluationServer()
  server.evaluate = context => ({ mine: context.accountId })
  const client = openPage(server)
  await client.ready()
  server.held = true
  const second = client.setContext({ accountId: 'acc-2' })
  const third = client.setContext({ accountId: 'acc-3' })
  expect(client.getSnapshot().status).toBe('loading')
  expect(client.value('mine', '')).toBe('acc-1')
  server.asked[2]?.answer()
  await third
  server.asked[1]?.answer()
  await second
  expect(client.value('mine', '')).toBe('acc-3')
  expect(client.getSnapshot().status).toBe('ready')
})

it('does not ask again for the context that it has', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  await client.setContext({ accountId: 'acc-1' })
  expect(server.asked.length).toBe(1)
})

it('takes nonsense without throwing', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  const circular: Record<string, unknown> = {}
  circular.self = circular
  for (const context of [circular, { id: 1n }, null, 'text', undefined]) await client.setContext(context as never)
  client.track(undefined as never, null as never)
  expect(await client.ready(null as never)).toHaveProperty('status')
  for (const key of ['', '__proto__', undefined, null, Symbol('s')]) expect(client.isEnabled(key as never)).toBe(false)
})

it('says so when there are no values, and tries again with longer and longer waits', async () => {
  const server = new EvaluationServer({ a: true })
  server.status = 503
  const client = openPage(server)
  expect(await client.ready()).toMatchObject({ status: 'error' })
  expect(client.value('a', 'fallback')).toBe('fallback')
  const times: number[] = []
  for (let count = server.asked.length; times.length < 6; ) {
    await vi.advanceTimersByTimeAsync(500)
    if (server.asked.length > count) times.push(Date.now())
    count = server.asked.length
  }
  expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual([1_000, 1_000, 2_000, 2_500, 3_500])
  server.status = undefined
  await vi.advanceTimersByTimeAsync(15_000)
  expect(client.getSnapshot().status).toBe('ready')
})

it('waits as long as Retry-After says', async () => {
  const server = new EvaluationServer({ a: true })
  server.status = 429
  server.retryAfter = '20'
  openPage(server)
  await vi.advanceTimersByTimeAsync(19_999)
  expect(server.asked.length).toBe(1)
  // Half of the first second by chance, on top.
  await vi.advanceTimersByTimeAsync(501)
  expect(server.asked.length).toBe(2)
})

it('gives up waiting for ready after its time', async () => {
  const server = new EvaluationServer()
  server.held = true
  const ready = openPage(server).ready({ timeoutMs: 100 })
  await vi.advanceTimersByTimeAsync(100)
  expect(await ready).toMatchObject({ status: 'loading' })
})

it('keeps the last values when a later request fails', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  server.status = 500
  server.stream.send({ type: 'refetchEvaluation', version: 2 })
  await soon()
  expect(client.getSnapshot().status).toBe('stale')
  expect(client.isEnabled('a')).toBe(true)
})

it('takes no answer within 10 s for a failure', async () => {
  const server = new EvaluationServer({ a: true })
  server.held = true
  const client = openPage(server)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(client.getSnapshot().status).toBe('error')
})

it.each([401, 403])('stops for good at %i', async status => {
  const server = new EvaluationServer({ a: true })
  server.status = status
  const client = openPage(server)
  await client.ready()
  expect(client.getSnapshot().status).toBe('error')
  await vi.advanceTimersByTimeAsync(600_000)
  expect([server.asked.length, server.streams.length]).toEqual([1, 0])
})

it('is stale while the stream is broken, and asks for what it missed when it is back', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  await soon()
  server.stream.break()
  expect(client.getSnapshot().status).toBe('stale')
  server.version = 2
  server.evaluate = () => ({ a: false })
  server.stream.open()
  await soon()
  expect(client.getSnapshot()).toMatchObject({ status: 'ready', version: 2 })
  expect(client.isEnabled('a')).toBe(false)
  expect(server.streams.length).toBe(1)
})

it('opens the stream again when the browser has given up, with one stream at a time, and asks meanwhile', async () => {
  const server = new EvaluationServer({ a: true })
  server.opensStreams = false
  const client = openPage(server)
  await client.ready()
  for (let round = 0; round < 5; round++) {
    const asked = server.asked.length
    server.stream.refuse()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(server.streams.length).toBe(round + 2)
    expect(server.asked.length).toBe(asked + 1)
  }
  expect(server.streams.filter(stream => stream.readyState !== 2).length).toBe(1)
  server.stream.open()
  await soon()
  expect(client.getSnapshot().status).toBe('ready')
})

it('opens its stream at the address that came with the values, without its key, and a new one when that is over', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  await soon()
  expect(server.streams.map(({ url }) => url)).toEqual(['http://dimmer.test/sdk/v1/client-stream?token=t1'])
  server.streamAddress = '/sdk/v1/client-stream?token=t2'
  server.publish({ a: false })
  await soon()
  expect([server.streams.length, server.stream.readyState]).toEqual([1, 1])
  server.stream.break()
  server.stream.refuse()
  expect(client.getSnapshot().status).toBe('stale')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(server.streams.map(({ url }) => url.slice(-2))).toEqual(['t1', 't2'])
  expect(client.getSnapshot().status).toBe('ready')
})

it('does without a stream where it is told of none', async () => {
  const server = new EvaluationServer({ a: true })
  server.streamAddress = undefined
  const client = openPage(server)
  expect(await client.ready()).toMatchObject({ status: 'ready' })
  await vi.advanceTimersByTimeAsync(600_000)
  expect([server.asked.length, server.streams.length]).toEqual([1, 0])
})

it('asks again when something changed between its values and the beginning of its stream', async () => {
  const server = new EvaluationServer({ a: true })
  server.opensStreams = false
  const client = openPage(server)
  await client.ready()
  server.version = 2
  server.evaluate = () => ({ a: false })
  server.stream.open()
  await soon()
  expect(client.getSnapshot()).toMatchObject({ status: 'ready', version: 2 })
})

it('is stale while the server itself may have missed something, from the beginning or later', async () => {
  const server = new EvaluationServer({ a: true })
  server.opensStreams = false
  const client = openPage(server)
  await client.ready()
  server.stream.open({ cutOff: true })
  await soon()
  expect(client.getSnapshot().status).toBe('stale')
  server.stream.tell({ type: 'heartbeat' })
  await client.setContext({ accountId: 'acc-2' })
  expect(client.getSnapshot().status).toBe('stale')
  for (const cutOff of [false, true, false]) {
    server.stream.tell({ type: 'state', cutOff })
    await soon()
    expect(client.getSnapshot().status).toBe(cutOff ? 'stale' : 'ready')
  }
  expect(client.isEnabled('a')).toBe(true)
})

it('takes silence for death, of a stream that has begun and of one that never does', async () => {
  const server = new EvaluationServer({ a: true })
  server.opensStreams = false
  const client = openPage(server)
  await client.ready()
  server.stream.open({ heartbeatMs: 15_000 })
  for (let beat = 0; beat < 10; beat++) {
    await vi.advanceTimersByTimeAsync(29_000)
    server.stream.tell({ type: 'heartbeat' })
  }
  expect([server.streams.length, client.getSnapshot().status]).toEqual([1, 'ready'])
  await vi.advanceTimersByTimeAsync(30_000)
  expect([server.stream.readyState, client.getSnapshot().status]).toEqual([2, 'stale'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect([server.streams.length, server.stream.readyState]).toEqual([2, 0])
  await vi.advanceTimersByTimeAsync(40_000)
  expect(server.streams.length).toBe(3)
  expect(server.streams.filter(({ readyState }) => readyState !== 2).length).toBe(1)
})

it('may be closed by a listener when its stream breaks, and leaves nothing behind', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  client.subscribe(() => client.close())
  server.stream.refuse()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(server.streams.length).toBe(1)
})

it('ignores messages that it does not understand', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  for (const message of ['', '{', 'null', '7', '{"type":"other"}']) server.stream.send(message)
  await soon()
  expect(server.asked.length).toBe(1)
  expect(client.getSnapshot().status).toBe('ready')
})

it('ignores entries without a value, and answers that are none', async () => {
  const server = new EvaluationServer({ a: true, broken: undefined })
  const client = openPage(server)
  await client.ready()
  expect([...client.getSnapshot().flags.keys()]).toEqual(['a'])
  const other = openPage(server, { fetch: async () => new Response('<html>') })
  expect(await other.ready()).toMatchObject({ status: 'error' })
})

it('leaves nothing running after close, and can be connected again', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  await client.ready()
  client.close()
  client.close()
  expect(vi.getTimerCount()).toBe(0)
  expect(server.stream.readyState).toBe(2)
  expect(client.isEnabled('a')).toBe(true)
  await client.setContext({ accountId: 'acc-2' })
  expect(server.asked.length).toBe(1)
  client.connect()
  client.connect()
  await soon()
  expect(server.asked.at(-1)?.context).toEqual({ accountId: 'acc-2' })
  expect(server.streams.length).toBe(2)
})

it('does nothing by itself on a server', async () => {
  const server = new EvaluationServer({ a: true })
  const { fetch, eventSource } = server
  const client = createBrowserClient({
    url: 'http://dimmer.test',
    clientKey: CLIENT_KEY,
    bootstrap: { a: true },
    fetch,
    eventSource,
  })
  await soon()
  expect([server.asked.length, server.streams.length, vi.getTimerCount()]).toEqual([0, 0, 0])
  expect(client.isEnabled('a')).toBe(true)
})

it('lets no listener harm another', async () => {
  const server = new EvaluationServer({ a: true })
  const client = openPage(server)
  const heard = vi.fn()
  client.subscribe(() => {
    throw new Error('the listener is broken')
  })
  client.subscribe(heard)
  await expect(vi.advanceTimersByTimeAsync(0)).rejects.toThrow('the listener is broken')
  expect(heard).toHaveBeenCalled()
})

const bad: [string, unknown][] = [
  ['"url"', undefined],
  ['"url"', { clientKey: CLIENT_KEY }],
  ['"clientKey"', { url: '' }],
  ['"clientKey"', { url: '', clientKey: '' }],
]

it.each(bad)('refuses at once, by name, options without a usable %s', (name, options) => {
  expect(() => createBrowserClient(options as BrowserClientOptions)).toThrow(name)
})

it('names its version', () => {
  expect(SDK_VERSION).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
})
