import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { connect, connectLive, startServer, until } from '../test/harness.ts'
import { ManualPlatform } from '../test/manual-platform.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const NOBODY = {}
const on = (version: number) => rulesetOf(version, [booleanFlag('a', { version })])
const off = (version: number) => rulesetOf(version, [booleanFlag('a', { version, on: false })])

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dimmer-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A server that is down; its address stays. */
async function downServer(ruleset = on(1)) {
  const server = await startServer(ruleset)
  await server.stop()
  return server
}

it('goes on with the bootstrap while there is no server, and calls it stale', async () => {
  const server = await downServer()
  const { client } = connect(server.url, { bootstrap: on(7) })
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  expect(client.status()).toMatchObject({ state: 'starting', version: 7, source: 'bootstrap', ageMs: undefined })
  expect(await client.ready()).toEqual({ state: 'stale', version: 7, source: 'bootstrap' })
  expect(client.status().ageMs).toBeUndefined()
})

it('waits in ready for the server when it is there, and takes its word even if its version is lower', async () => {
  const server = await startServer(off(3))
  const { client } = connect(server.url, { bootstrap: on(7) })
  expect(await client.ready()).toEqual({ state: 'live', version: 3, source: 'stream' })
  expect(client.isEnabled('a', NOBODY)).toBe(false)
  expect(server.streamRequests[0]?.['last-event-id']).toBeUndefined()
})

it('is not live on a bootstrap of the same version until the server has sent its own', async () => {
  const server = await startServer(off(7))
  server.silentAfterHello = true
  server.refuse.ruleset = { status: 503 }
  const { client } = connect(server.url, { bootstrap: on(7) })
  expect(await client.ready()).toMatchObject({ state: 'stale', source: 'bootstrap' })
  server.send('put', off(7), 7)
  await until(() => client.status().state === 'live', 'live')
  expect(client.isEnabled('a', NOBODY)).toBe(false)
})

it('takes a bootstrap of the server by polls as well', async () => {
  const server = await startServer(off(2))
  server.refuse.stream = { status: 503 }
  const { client } = connect(server.url, { bootstrap: on(7) })
  expect(await client.ready()).toEqual({ state: 'polling', version: 2, source: 'poll' })
})

it('ignores a bootstrap that is none, and says so', async () => {
  const server = await startServer(on(1))
  const { client, problems } = connect(server.url, { bootstrap: { flags: [] } })
  expect(client.status()).toMatchObject({ version: undefined, source: 'none' })
  expect(problems[0]).toMatch(/^invalid-seed: the bootstrap cannot be used/)
  expect(await client.ready()).toMatchObject({ version: 1 })
})

it('starts from the disk when the server is away, and knows how old that is', async () => {
  const cacheFolder = folder()
  const server = await startServer(on(5))
  const first = await connectLive(server, { cacheFolder })
  await first.client.close()
  await server.stop()
  const platform = new ManualPlatform()
  platform.jumped = 3_600_000
  const { client } = connect(server.url, { cacheFolder, platform })
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  expect(await client.ready()).toEqual({ state: 'stale', version: 5, source: 'disk' })
  expect(client.status().ageMs).toBe(3_600_000)
  await server.listen()
  server.ruleset = off(6)
  await until(() => {
    platform.advance(1_000)
    return client.status().state === 'live'
  }, 'live')
  expect(client.isEnabled('a', NOBODY)).toBe(false)
  expect(client.status().ageMs).toBeLessThan(3_600_000)
})

it('keeps each version, whole, readable by the owner only, and nothing else in the folder', async () => {
  const cacheFolder = folder()
  const server = await startServer(on(1))
  const { client } = await connectLive(server, { cacheFolder })
  for (let version = 2; version < 20; version++) server.publish(on(version))
  await until(() => client.status().version === 19, 'version 19')
  await client.close()
  const [name, ...others] = readdirSync(cacheFolder)
  expect(others).toEqual([])
  const path = join(cacheFolder, String(name))
  expect(JSON.parse(readFileSync(path, 'utf8').split('\n')[1] ?? '')).toEqual(on(19))
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('keeps rulesets of different keys apart', async () => {
  const cacheFolder = folder()
  const server = await startServer(on(5))
  await (await connectLive(server, { cacheFolder })).client.close()
  await server.stop()
  const { client } = connect(server.url, { cacheFolder, sdkKey: 'dmr_server_other' })
  expect(client.status().source).toBe('none')
})

it('ignores a damaged file, says so, and writes a good one over it', async () => {
  const cacheFolder = folder()
  const server = await startServer(on(5))
  await (await connectLive(server, { cacheFolder })).client.close()
  const path = join(cacheFolder, String(readdirSync(cacheFolder)[0]))
  const good = readFileSync(path, 'utf8')
  for (const text of ['', '{}', good.slice(0, -10), good.replace('"on":true', '"on":false'), `\n${good}`]) {
    writeFileSync(path, text)
    const { client, problems } = connect(server.url, { cacheFolder })
    expect(problems[0]).toMatch(/^cache: .* is damaged or of another version; it is ignored/)
    await client.ready()
    await client.close()
    expect(readFileSync(path, 'utf8').split('\n')[1]).toBe(good.split('\n')[1])
  }
})

it('takes the newer one of bootstrap and disk', async () => {
  const cacheFolder = folder()
  const server = await startServer(on(5))
  await (await connectLive(server, { cacheFolder })).client.close()
  await server.stop()
  const versionWith = (bootstrap: unknown) => {
    const { version, source } = connect(server.url, { cacheFolder, bootstrap }).client.status()
    return [version, source]
  }
  expect(versionWith(off(4))).toEqual([5, 'disk'])
  expect(versionWith(off(6))).toEqual([6, 'bootstrap'])
})

it('works without the disk when the folder cannot be written, and says so', async () => {
  const file = join(folder(), 'a-file')
  writeFileSync(file, '')
  const { client, problems } = await connectLive(await startServer(on(5)), { cacheFolder: file })
  expect(client.isEnabled('a', NOBODY)).toBe(true)
  await client.close()
  expect(problems.some(problem => problem.startsWith('cache: '))).toBe(true)
})
