import { expect, it } from 'vitest'
import { connect, connectLive, startServer, until } from '../test/harness.ts'
import { ManualPlatform } from '../test/manual-platform.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const NOBODY = {}
const on = (version: number) => rulesetOf(version, [booleanFlag('a', { version })])
const off = (version: number) => rulesetOf(version, [booleanFlag('a', { version, on: false })])

it('gives fallbacks while there is no server, says so, and never throws', async () => {
  const server = await startServer(on(1))
  await server.stop()
  const { client, platform, problems } = connect(server.url)
  await until(() => client.status().state === 'offline', 'offline')
  expect(client.isEnabled('a', NOBODY)).toBe(false)
  expect(client.value('b', NOBODY, 'blue')).toBe('blue')
  expect(client.details('c', NOBODY, 3)).toMatchObject({ value: 3, errorCode: 'not-ready', reason: undefined })
  const ready = client.ready({ timeoutMs: 3_000 })
  platform.advance(3_000)
  expect(await ready).toMatchObject({ state: 'offline', version: undefined, source: 'none' })
  expect((await ready).error).toContain('ECONNREFUSED')
  expect(problems.filter(problem => problem.startsWith('unreachable')).length).toBe(2)
})

it('resolves ready when the server comes up late', async () => {
  const server = await startServer(on(1))
  await server.stop()
  const { client, platform } = connect(server.url)
  const ready = client.ready({ timeoutMs: 60_000 })
  await until(() => client.status().state === 'offline', 'offline')
  await server.listen()
  platform.advance(30_000)
  expect(await ready).toMatchObject({ version: 1 })
})

it('goes on with the last good values through an outage, and catches up after it', async () => {
  const server = await startServer(on(1))
  const { client, platform } = await connectLive(server)
  const states: string[] = []
  client.on('state', ({ state }) => states.push(state))
  await server.stop()
  await until(() => client.status().state === 'stale', 'stale')
  platform.advance(5_000)
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  expect(client.status().ageMs).toBeGreaterThanOrEqual(5_000)
  server.ruleset = off(2)
  await server.listen()
  await until(() => {
    platform.advance(1_000)
    return client.status().state === 'live'
  }, 'live again')
  expect(client.isEnabled('a', NOBODY)).toBe(false)
  expect(states[0]).toBe('stale')
  expect(states.at(-1)).toBe('live')
})

it('polls while the stream is refused, and stops polling when it is back', async () => {
  const server = await startServer(on(1))
  server.refuse.stream = { status: 503 }
  const { client, platform } = connect(server.url, { pollIntervalMs: 10_000 })
  expect(await client.ready()).toEqual({ state: 'polling', version: 1, source: 'poll' })
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  await until(() => platform.waits.includes(5_000), 'the next poll is planned')
  platform.advance(5_000)
  await until(() => server.polls.length === 2, 'the second poll')
  expect(server.polls[1]?.['if-none-match']).toBe('"1"')
  server.ruleset = off(2)
  await until(() => {
    platform.advance(1_000)
    return client.status().version === 2
  }, 'version 2')
  expect(client.status().state).toBe('polling')
  delete server.refuse.stream
  await until(() => {
    platform.advance(1_000)
    return client.status().state === 'live'
  }, 'live')
  const polls = server.polls.length
  server.heartbeat()
  platform.advance(20_000)
  expect(server.polls.length).toBe(polls)
})

it('is stale, not polling, when polls fail as well', async () => {
  const server = await startServer(on(1))
  server.refuse.stream = { status: 503 }
  const { client, platform } = connect(server.url)
  await client.ready()
  server.refuse.ruleset = { status: 500 }
  await until(() => {
    platform.advance(1_000)
    return client.status().state === 'stale'
  }, 'stale')
  expect(client.isEnabled('a', NOBODY)).toBe(true)
})

it('polls when the stream never answers', async () => {
  const server = await startServer(on(1))
  server.refuse.stream = { status: 0 }
  const { client, platform } = connect(server.url, { connectTimeoutMs: 4_000 })
  await until(() => server.streamRequests.length === 1, 'asked')
  platform.advance(4_000)
  expect(await client.ready()).toMatchObject({ state: 'polling', version: 1 })
})

it('polls when a stream says hello and then nothing', async () => {
  const server = await startServer(on(1))
  server.silentAfterHello = true
  const { client } = connect(server.url)
  expect(await client.ready()).toMatchObject({ state: 'polling', version: 1 })
})

it.each([401, 403])('stops for good when the stream answers %i', async status => {
  const server = await startServer(on(1))
  server.refuse.stream = { status }
  const { client, platform, problems } = connect(server.url)
  const ready = await client.ready()
  expect(ready).toMatchObject({ state: 'offline', version: undefined })
  expect(ready.error).toContain(String(status))
  platform.advance(600_000)
  expect(server.streamRequests.length + server.polls.length).toBe(1)
  expect(problems[0]).toMatch(/^refused: /)
})

it('stops for good when its key is revoked, and goes on with the last values', async () => {
  const server = await startServer(on(1))
  const { client, platform } = await connectLive(server)
  server.refuse.stream = { status: 401 }
  server.breakStreams()
  await until(() => {
    platform.advance(1_000)
    return client.status().state === 'offline'
  }, 'offline')
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  const asked = server.streamRequests.length
  platform.advance(600_000)
  expect(server.streamRequests.length).toBe(asked)
})

it('waits longer and longer, with full jitter, up to 30 s', async () => {
  const attempts: number[] = []
  const platform = new ManualPlatform(async url => {
    if (String(url).endsWith('/stream')) attempts.push(platform.now())
    return new Response(null, { status: 500 })
  })
  platform.dice = 0.999_999
  connect('http://127.0.0.1:9', { platform })
  while (attempts.length < 10) {
    // The answers of this fetch need no network, so all of them are in after one turn of the loop.
    await new Promise(setImmediate)
    platform.advance(platform.waits[0] ?? 0)
  }
  const waits = attempts.slice(1).map((at, index) => Math.round(at - (attempts[index] ?? 0)))
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000])
})

it('waits as long as Retry-After says', async () => {
  const server = await startServer(on(1))
  const { client, platform } = await connectLive(server, { flushIntervalMs: 1e9, pollIntervalMs: 1e9 })
  server.refuse.stream = { status: 503, headers: { 'retry-after': '20' } }
  server.endStreams()
  await until(() => client.status().state === 'stale', 'stale')
  platform.advance(500)
  await until(() => platform.waits[0] === 20_000, 'waits 20 s')
})

it('is patient with a server that closes each stream at once, and quick again after a minute of good stream', async () => {
  const server = await startServer(on(1))
  const platform = new ManualPlatform()
  platform.dice = 0.999_999
  const rig = await connectLive(server, { platform, flushIntervalMs: 1e9, pollIntervalMs: 1e9 })
  const closeAndMeasure = async (): Promise<number> => {
    server.endStreams()
    await until(() => rig.client.status().state === 'stale', 'stale')
    const wait = platform.waits[0] ?? 0
    platform.advance(wait)
    await until(() => rig.client.status().state === 'live', 'live')
    return Math.round(wait)
  }
  const waits: number[] = []
  for (let round = 0; round < 4; round++) waits.push(await closeAndMeasure())
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000])
  for (let beat = 0; beat < 6; beat++) {
    const { ageMs } = rig.client.status()
    platform.advance(10_000)
    server.heartbeat()
    await until(() => (rig.client.status().ageMs ?? 0) <= (ageMs ?? 0), 'heard')
  }
  expect([await closeAndMeasure(), await closeAndMeasure(), await closeAndMeasure()]).toEqual([1_000, 2_000, 4_000])
})

it('never has more than one connection, however often it breaks', async () => {
  const server = await startServer(on(1))
  const { client, platform } = await connectLive(server)
  for (let round = 2; round < 30; round++) {
    if (round % 3 === 0) server.breakStreams()
    else if (round % 3 === 1) server.endStreams()
    else server.send('patch', { from: 900, to: 901, flags: {}, segments: {} }, 901)
    await until(() => client.status().state !== 'live', 'down')
    await until(() => {
      platform.advance(1_000)
      return client.status().state === 'live'
    }, 'live')
    await until(() => server.openStreams === 1, 'one stream')
  }
  expect(server.openStreams).toBe(1)
})
