import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { expect, it } from 'vitest'

import { connect, connectLive, startServer, until } from '../test/harness.ts'
import { ManualPlatform } from '../test/manual-platform.ts'
import { SDK_KEY } from '../test/ruleset-server.ts'
import { booleanFlag, rulesetOf, valueFlag } from '../test/rulesets.ts'
import { type ClientOptions, createClient } from './index.ts'
import { SDK_VERSION } from './sdk-http.ts'

const flags = [
  booleanFlag('on'),
  booleanFlag('off', { on: false }),
  valueFlag('colour', 'green', 'string'),
  valueFlag('limit', 10, 'number'),
  valueFlag('limits', { max: 3 }),
  valueFlag('list', [1, 2]),
  valueFlag('nothing', null),
]
const ruleset = rulesetOf(5, flags)

it('gives true only for a boolean flag that serves true', async () => {
  const { client, problems } = await connectLive(await startServer(ruleset))
  const enabled = ['on', 'off', 'colour', 'limit', 'limits', 'nothing', 'unknown'].filter(key =>
    client.isEnabled(key, {}),
  )
  expect(enabled).toEqual(['on'])
  client.isEnabled('colour', {})
  expect(problems.filter(problem => problem.includes('"colour"'))).toEqual([
    'type-mismatch: flag "colour" serves "green", which is not of the fallback\'s type; the fallback is served',
  ])
})

it('gives a value only if it is of the type of the fallback', async () => {
  const { client } = await connectLive(await startServer(ruleset))
  const colour: string = client.value('colour', {}, 'blue')
  const limit: number = client.value('limit', {}, 1)
  const on: boolean = client.value('on', {}, false)
  expect([colour, limit, on]).toEqual(['green', 10, true])
  expect(client.value('limits', {}, { max: 1 })).toEqual({ max: 3 })
  expect(client.value('list', {}, [0])).toEqual([1, 2])
  expect(client.value('limits', {}, null)).toEqual({ max: 3 })
  expect(client.value('nothing', {}, null)).toBe(null)
  expect(client.value('colour', {}, 1)).toBe(1)
  expect(client.value('limit', {}, '1')).toBe('1')
  expect(client.value('list', {}, { max: 1 })).toEqual({ max: 1 })
  expect(client.value('limits', {}, [0])).toEqual([0])
  expect(client.value('nothing', {}, { max: 1 })).toEqual({ max: 1 })
  expect(client.value('unknown', {}, 'blue')).toBe('blue')
})

it('tells in details why it served what it served', async () => {
  const { client } = await connectLive(await startServer(ruleset))
  expect(client.details('on', {}, false)).toEqual({
    flagKey: 'on',
    value: true,
    variant: 'on',
    reason: { kind: 'fallthrough' },
    flagVersion: 1,
    unit: undefined,
    heldOutBy: undefined,
    missingUnit: undefined,
  })
  expect(client.details('off', {}, true)).toMatchObject({ value: false, reason: { kind: 'off' } })
  expect(client.details('colour', {}, 1)).toMatchObject({ value: 1, variant: 'on', errorCode: 'type-mismatch' })
  expect(client.details('unknown', {}, 1)).toMatchObject({ value: 1, flagVersion: 0, errorCode: 'flag-not-found' })
})

it.each([[undefined], [null], ['acc-1'], [42], [['a']]])('gives the fallback for a context of %j', async context => {
  const { client, problems } = await connectLive(await startServer(ruleset))
  expect(client.isEnabled('on', context as never)).toBe(false)
  expect(client.details('on', context as never, true)).toMatchObject({ value: true, errorCode: 'invalid-context' })
  client.track('t', context as never)
  client.identify(context as never)
  expect(problems.map(problem => problem.split(':')[0])).toEqual(['invalid-context', 'invalid-event', 'invalid-event'])
})

/** Contexts whose reading throws: always, or after a while. */
function throwingContexts(): readonly object[] {
  const { proxy, revoke } = Proxy.revocable({ accountId: 'acc-1' }, {})
  revoke()
  let reads = 0
  const read = (): string => {
    if (++reads > 1) throw new Error('gone')
    return 'acc-1'
  }
  const always = (): never => {
    throw new Error('gone')
  }
  return [
    proxy,
    ...[always, read].map(get => Object.defineProperty({}, 'accountId', { get, enumerable: true })),
    new Proxy({}, { ownKeys: always }),
  ]
}

it.each([
  [false, 'without'],
  [true, 'with'],
])('never throws because a context does when it is read (%j: %s hooks)', async hooked => {
  const share = { unit: 'account', percent: 100 }
  const server = await startServer(
    rulesetOf(1, [booleanFlag('dealt', { rules: [{ id: 'r', share, serve: { variant: 'on' } }], serves: false })]),
  )
  const hooks = hooked ? [{ before: () => ({ plan: 'pro' }) }] : []
  const { client } = await connectLive(server, { hooks })
  for (const context of throwingContexts() as never[]) {
    client.isEnabled('dealt', context)
    client.value('dealt', context, false)
    client.details('dealt', context, false)
    client.forContext(context).isEnabled('dealt')
    client.forRequest(context).details('dealt', false)
    client.pin(context).value('dealt', false)
    client.track('t', context)
    client.identify(context)
  }
  const [revoked] = throwingContexts()
  expect(client.details('dealt', revoked as never, true)).toMatchObject({ value: true, errorCode: 'invalid-context' })
  client.isEnabled(Symbol('key') as never, {})
  client.isEnabled(Object.create(null), {})
  await client.flush()
})

it('evaluates relative ages with the clock it was given', async () => {
  const when = { attribute: 'accountCreatedAt', op: 'olderThan', value: 'P30D' } as const
  const old = booleanFlag('old', {
    rules: [{ id: 'r', when, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
  let now = Date.parse('2026-03-31T00:00:00Z')
  const server = await startServer(rulesetOf(1, [old]))
  const { client } = connect(server.url, { now: () => now })
  await client.ready()
  const context = { accountCreatedAt: '2026-03-15T00:00:00Z' }
  expect(client.isEnabled('old', context)).toBe(false)
  now += 30 * 86_400_000
  expect(client.isEnabled('old', context)).toBe(true)
})

it('survives keys that are no keys', async () => {
  const { client } = await connectLive(await startServer(ruleset))
  for (const key of ['', '__proto__', 'constructor', 'x'.repeat(10_000), undefined, null, 5, {}]) {
    expect(client.isEnabled(key as never, {})).toBe(false)
  }
  await client.flush()
})

it('binds a context', async () => {
  const server = await startServer(
    rulesetOf(1, [
      booleanFlag('mine', {
        rules: [{ id: 'r', when: { attribute: 'accountId', op: 'equals', value: 'acc-1' }, serve: { variant: 'on' } }],
        fallthrough: { variant: 'off' },
      }),
    ]),
  )
  const { client } = await connectLive(server)
  const mine = client.forContext({ accountId: 'acc-1' })
  expect(mine.isEnabled('mine')).toBe(true)
  expect(mine.value('mine', false)).toBe(true)
  expect(mine.details('mine', false)).toMatchObject({ reason: { kind: 'rule', ruleId: 'r' } })
  mine.track('t', { ms: 1 })
  expect(client.forContext({ accountId: 'acc-2' }).isEnabled('mine')).toBe(false)
  await client.flush()
  expect(server.accepted[0]?.tracks[0]).toMatchObject({ units: { account: 'acc-1' }, ms: 1 })
})

it('names itself and its instance in every request', async () => {
  const server = await startServer(ruleset)
  const { client } = await connectLive(server, { instanceId: 'api-7f9' })
  expect(server.streamRequests[0]).toMatchObject({ 'x-dimmer-instance': 'api-7f9', 'x-dimmer-sdk': 'node/0.1.0' })
  expect(client.status()).toEqual({
    state: 'live',
    refused: false,
    version: 5,
    ageMs: 0,
    source: 'stream',
    instanceId: 'api-7f9',
    waitingEvents: 0,
  })
  const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(SDK_VERSION).toBe(packageJson.version)
})

it('takes a url with a path and a slash at the end', async () => {
  const server = createServer((request, response) => response.writeHead(404).end(request.url)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asked: string[] = []
  server.on('request', request => asked.push(String(request.url)))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  connect(`http://127.0.0.1:${port}/dimmer/`)
  await until(() => asked.length >= 2, 'asked')
  expect(asked).toEqual(['/dimmer/sdk/v1/stream', '/dimmer/sdk/v1/ruleset'])
  server.close()
})

const bad: [string, unknown][] = [
  ['options', undefined],
  ['"url"', { sdkKey: SDK_KEY }],
  ['"url"', { url: '', sdkKey: SDK_KEY }],
  ['"url"', { url: 'flags.example.com', sdkKey: SDK_KEY }],
  ['"url"', { url: 'ftp://flags.example.com', sdkKey: SDK_KEY }],
  ['"sdkKey"', { url: 'http://127.0.0.1' }],
  ['"sdkKey"', { url: 'http://127.0.0.1', sdkKey: '' }],
  ['"sdkKey"', { url: 'http://127.0.0.1', sdkKey: 'a\r\nb' }],
  ['"instanceId"', { url: 'http://127.0.0.1', sdkKey: SDK_KEY, instanceId: 'x'.repeat(101) }],
  ['"instanceId"', { url: 'http://127.0.0.1', sdkKey: SDK_KEY, instanceId: 7 }],
  ['"flushIntervalMs"', { url: 'http://127.0.0.1', sdkKey: SDK_KEY, flushIntervalMs: 0 }],
  ['"pollIntervalMs"', { url: 'http://127.0.0.1', sdkKey: SDK_KEY, pollIntervalMs: Number.NaN }],
]

it.each(bad)('refuses at once, by name, options without a usable %s', (name, options) => {
  expect(() => createClient(options as ClientOptions)).toThrow(TypeError)
  expect(() => createClient(options as ClientOptions)).toThrow(name)
})

it('lets no listener and no log throw into the app or into others', async () => {
  const server = await startServer(ruleset)
  const heard: string[] = []
  const log = (): never => {
    throw new Error('the log is broken')
  }
  const { client } = connect(server.url, { log })
  for (const event of ['change', 'state', 'error', 'warning'] as const) {
    client.on(event, () => {
      throw new Error('the listener is broken')
    })
    client.on(event, () => heard.push(event))
  }
  await client.ready()
  client.isEnabled('unknown', {})
  expect(new Set(heard)).toEqual(new Set(['change', 'state', 'error', 'warning']))
})

it('stops telling a listener that was taken off', async () => {
  const server = await startServer(ruleset)
  const { client } = await connectLive(server)
  let heard = 0
  const off = client.on('change', () => heard++)
  server.publish(rulesetOf(6, []))
  await until(() => heard === 1, 'heard')
  off()
  off()
  server.publish(rulesetOf(7, []))
  await until(() => client.status().version === 7, 'version 7')
  expect(heard).toBe(1)
})

it('goes on evaluating after close, and closes only once', async () => {
  const server = await startServer(ruleset)
  const { client, platform } = await connectLive(server)
  expect(client.close()).toBe(client.close())
  await client.close()
  expect(client.isEnabled('on', {})).toBe(true)
  client.track('late', { accountId: 'acc-1' })
  client.identify({ accountId: 'acc-1' })
  await client.flush()
  expect(client.status().state).toBe('offline')
  expect(platform.pending).toBe(0)
  await until(() => server.openStreams === 0, 'the stream is closed')
  expect(await client.ready()).toMatchObject({ version: 5 })
})

it('ends a wait for ready when it is closed', async () => {
  const server = await startServer(ruleset)
  server.refuse.stream = { status: 0 }
  const { client } = connect(server.url)
  const ready = client.ready({ timeoutMs: 60_000 })
  await client.close()
  expect(await ready).toEqual({ state: 'offline', version: undefined, source: 'none', error: 'the client is closed' })
})

it('may be closed by a listener at any moment', async () => {
  for (const event of ['state', 'change', 'error', 'warning'] as const) {
    const server = await startServer(ruleset)
    const { client, platform } = connect(server.url)
    client.on(event, () => void client.close())
    await client.ready()
    server.send('patch', { from: 50, to: 51, flags: {}, segments: {} }, 51)
    server.send('put', '{', 52)
    if (event === 'error') server.breakStreams()
    await until(() => client.status().state === 'offline', `closed on ${event}`)
    await client.close()
    await until(() => platform.pending === 0, 'no timers')
    await until(() => server.openStreams === 0, 'no streams')
  }
})

it('leaves nothing behind after a hundred clients', async () => {
  const server = await startServer(ruleset)
  const platform = new ManualPlatform()
  const options = { url: server.url, sdkKey: SDK_KEY, platform, log: () => undefined }
  const clients = Array.from({ length: 100 }, () => createClient(options))
  await Promise.all(clients.map(client => client.ready()))
  expect(server.openStreams).toBe(100)
  for (const client of clients) client.isEnabled('on', {})
  await Promise.all(clients.map(client => client.close()))
  expect(platform.pending).toBe(0)
  await until(() => server.openStreams === 0, 'no streams')
  expect(server.accepted.length).toBe(100)
})

it('does not hold the process open, however long the stream lasts', async () => {
  const server = await startServer(ruleset)
  const sockets = (): number => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length
  await connectLive(server)
  await until(() => server.receipts.length === 1, 'the receipt')
  const inServer = await server.connections()
  await until(() => sockets() === inServer, 'only the sockets of the server are active')
  expect(inServer).toBeGreaterThan(0)
})
