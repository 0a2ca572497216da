import { expect, it } from 'vitest'
import { connect, connectLive, startServer, until } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const NOBODY = {}
const on = (version: number) => rulesetOf(version, [booleanFlag('a', { version })])
const off = (version: number) => rulesetOf(version, [booleanFlag('a', { version, on: false })])

it('serves from the ruleset that the stream brings', async () => {
  const server = await startServer(on(7))
  const { client } = connect(server.url)
  expect(await client.ready()).toEqual({ state: 'live', version: 7, source: 'stream' })
  expect(client.isEnabled('a', NOBODY)).toBe(true)
})

it('follows each patch, and says what changed', async () => {
  const server = await startServer(on(1))
  const { client } = await connectLive(server)
  const changes: unknown[] = []
  client.on('change', change => changes.push(change))
  server.publish(off(2))
  await until(() => client.status().version === 2, 'version 2')
  expect(client.isEnabled('a', NOBODY)).toBe(false)
  expect(changes).toEqual([{ version: 2, flags: ['a'] }])
})

it('takes a roll-back to earlier content, because its version is higher', async () => {
  const server = await startServer(on(1))
  const { client } = await connectLive(server)
  server.publish(off(2))
  server.publish(on(3))
  await until(() => client.status().version === 3, 'version 3')
  expect(client.isEnabled('a', NOBODY)).toBe(true)
})

it('takes a put of earlier content with a higher version after a reconnect', async () => {
  const server = await startServer(on(1))
  const { client, platform } = await connectLive(server)
  server.publish(off(2))
  await until(() => client.status().version === 2, 'version 2')
  server.breakStreams()
  await until(() => client.status().state === 'stale', 'stale')
  server.ruleset = on(3)
  platform.advance(500)
  await until(() => client.status().version === 3, 'version 3')
  expect(client.isEnabled('a', NOBODY)).toBe(true)
})

it('asks for a whole ruleset when a patch is missing', async () => {
  const server = await startServer(on(1))
  const { client, platform, problems } = await connectLive(server)
  server.ruleset = on(2)
  server.publish(off(3))
  await until(() => client.status().state === 'stale', 'stale')
  expect(client.status().version).toBe(1)
  platform.advance(500)
  await until(() => client.status().version === 3, 'version 3')
  expect(server.streamRequests.map(headers => headers['last-event-id'])).toEqual([undefined, undefined])
  expect(server.openStreams).toBe(1)
  expect(problems).toEqual([
    'gap: the stream went on from version 2, but this client has 1; asking for a whole ruleset',
  ])
})

it('resumes after a break with the version it has, and is live at once if nothing happened meanwhile', async () => {
  const server = await startServer(on(4))
  const { client, platform } = await connectLive(server)
  server.endStreams()
  await until(() => client.status().state === 'stale', 'stale')
  platform.advance(500)
  await until(() => client.status().state === 'live', 'live')
  expect(server.streamRequests[1]?.['last-event-id']).toBe('4')
})

it('resumes with a server that does not tell its version in the hello', async () => {
  const server = await startServer(on(4))
  server.helloHasId = false
  const { client, platform } = await connectLive(server)
  server.endStreams()
  await until(() => client.status().state === 'stale', 'stale')
  platform.advance(500)
  await until(() => client.status().state === 'live', 'live')
  expect(server.polls).toEqual([])
})

it('ignores a patch that it already has', async () => {
  const server = await startServer(on(4))
  const { client, problems } = await connectLive(server)
  server.send('patch', { from: 3, to: 4, flags: { a: null }, segments: {} }, 4)
  server.publish(off(5))
  await until(() => client.status().version === 5, 'version 5')
  expect(problems).toEqual([])
})

it('takes a patch that starts before its own version', async () => {
  const server = await startServer(on(4))
  const { client } = await connectLive(server)
  server.send('patch', { from: 2, to: 6, flags: { a: booleanFlag('a', { serves: false }) }, segments: {} }, 6)
  await until(() => client.status().version === 6, 'version 6')
  expect(client.isEnabled('a', NOBODY)).toBe(false)
})

it('never goes back to a lower version, says so, and is not live meanwhile', async () => {
  const server = await startServer(on(5))
  const { client, problems } = await connectLive(server)
  server.send('put', off(3), 3)
  await until(() => client.status().state === 'stale', 'stale')
  expect(client.status().version).toBe(5)
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  expect(problems).toEqual(["older-version: the server has version 3, older than this client's 5; ignored"])
  server.send('put', off(6), 6)
  await until(() => client.status().state === 'live', 'live')
  expect(client.isEnabled('a', NOBODY)).toBe(false)
})

it('keeps the last good ruleset when the server sends nonsense, and asks again', async () => {
  for (const nonsense of ['{"version": 9', '{}', { ...on(9), schema: 2 }, { ...on(9), flags: [] }]) {
    const server = await startServer(on(1))
    const { client, platform, problems } = await connectLive(server)
    server.send('put', nonsense, 9)
    await until(() => problems.some(problem => problem.startsWith('invalid-message')), 'reported')
    expect(client.isEnabled('a', NOBODY)).toBe(true)
    expect(client.status()).toMatchObject({ version: 1, state: 'stale' })
    server.ruleset = off(10)
    platform.advance(500)
    await until(() => client.status().version === 10, 'version 10')
  }
})

it('serves the sound flags of a ruleset that has a broken one', async () => {
  const broken = booleanFlag('broken', { fallthrough: { variant: 'nowhere' } })
  const server = await startServer(rulesetOf(1, [broken, booleanFlag('a')]))
  const { client, problems } = await connectLive(server)
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  expect(client.details('broken', NOBODY, false)).toMatchObject({ value: false, errorCode: 'invalid-flag' })
  expect(problems[0]).toMatch(/^invalid-flag: flags\.broken/)
})

it('takes silence for death: reconnects after twice the heartbeat', async () => {
  const server = await startServer(on(1))
  server.heartbeatMs = 1_000
  const { client, platform, problems } = await connectLive(server)
  platform.advance(1_999)
  expect(client.status().state).toBe('live')
  platform.advance(1)
  expect(client.status().state).toBe('stale')
  expect(problems).toEqual(['unreachable: the stream failed: the stream was silent for 2000 ms'])
  platform.advance(500)
  await until(() => client.status().state === 'live', 'live')
  await until(() => server.openStreams === 1, 'the dead stream is gone')
})

it('stays on a stream that only has heartbeats', async () => {
  const server = await startServer(on(1))
  server.heartbeatMs = 1_000
  const { client, platform } = await connectLive(server)
  for (let second = 0; second < 5; second++) {
    const before = client.status().ageMs ?? 0
    platform.advance(1_500)
    server.heartbeat()
    await until(() => (client.status().ageMs ?? 0) <= before, 'heard')
  }
  expect(server.streamRequests.length).toBe(1)
  expect(client.status().state).toBe('live')
})

it('says once that a rule needs a newer SDK, goes on without that rule, and with the other flags', async () => {
  const rule = (op: string) => ({ id: 'r', when: { attribute: 'plan', op, value: 'free' }, serve: { variant: 'on' } })
  const future = (version: number) =>
    rulesetOf(version, [booleanFlag('future', { rules: [rule('soundsLike') as never] }), booleanFlag('a', { version })])
  const server = await startServer(future(1))
  const { client, problems } = await connectLive(server)
  for (const version of [2, 3]) {
    server.publish(future(version))
    await until(() => client.status().version === version, `version ${version}`)
  }
  expect(problems).toEqual([expect.stringMatching(/^invalid-flag: flags\.future.*"soundsLike"/)])
  expect(client.details('future', { plan: 'free' }, false).reason).toEqual({ kind: 'fallthrough' })
  expect(client.isEnabled('a', NOBODY)).toBe(true)
})
