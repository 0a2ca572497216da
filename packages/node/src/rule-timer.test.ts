import { expect, it } from 'vitest'
import { connectLive, startServer, until } from '../test/harness.ts'
import { ManualPlatform } from '../test/manual-platform.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import type { ChangeEvent, DimmerClient } from './index.ts'

const HOUR_MS = 3_600_000
const START = new ManualPlatform().now()
const inHours = (hours: number) => new Date(START + hours * HOUR_MS).toISOString()

const launch = (times: { readonly from?: string; readonly until?: string }, version = 1) =>
  booleanFlag('launch', {
    version,
    serves: false,
    rules: [{ id: 'r', ...times, serve: { variant: 'on' } }],
  })
const needsLaunch = booleanFlag('needs-launch', { prerequisites: [{ flag: 'launch', variants: ['on'] }] })
const quiet = { flushIntervalMs: 2e9, pollIntervalMs: 2e9 }

function changesOf(client: DimmerClient): ChangeEvent[] {
  const changes: ChangeEvent[] = []
  client.on('change', change => changes.push(change))
  return changes
}

it('tells of a rule that begins and of one that ends, although the ruleset stays the same', async () => {
  const flags = [launch({ from: inHours(1), until: inHours(2) }), needsLaunch, booleanFlag('other')]
  const server = await startServer(rulesetOf(5, flags))
  const { client, platform } = await connectLive(server, quiet)
  const changes = changesOf(client)
  const seen: boolean[] = []
  client.on('change', () => seen.push(client.isEnabled('needs-launch', {})))
  platform.advance(HOUR_MS - 1)
  expect(changes).toEqual([])
  platform.advance(1)
  platform.advance(HOUR_MS)
  expect(changes).toEqual([
    { version: 5, flags: ['launch', 'needs-launch'] },
    { version: 5, flags: ['launch', 'needs-launch'] },
  ])
  expect(seen).toEqual([true, false])
})

it('goes by the newest ruleset', async () => {
  const server = await startServer(rulesetOf(1, [launch({ from: inHours(1) })]))
  const { client, platform } = await connectLive(server, quiet)
  const changes = changesOf(client)
  server.publish(rulesetOf(2, [launch({ from: inHours(3) }, 2)]))
  await until(() => client.status().version === 2, 'version 2')
  platform.advance(2 * HOUR_MS)
  expect(changes).toEqual([{ version: 2, flags: ['launch'] }])
  platform.advance(HOUR_MS)
  expect(changes).toHaveLength(2)
})

it('notices within a minute that the clock was set, forward or back', async () => {
  const flags = [launch({ from: inHours(1), until: inHours(100) })]
  const server = await startServer(rulesetOf(1, flags))
  const { client, platform } = await connectLive(server, quiet)
  const changes = changesOf(client)
  platform.jumped = 2 * HOUR_MS
  platform.advance(60_000)
  expect(changes).toHaveLength(1)
  platform.jumped = 0
  platform.advance(60_000)
  expect(changes).toHaveLength(2)
  expect(client.isEnabled('launch', {})).toBe(false)
})

it('leaves no timer behind, and sets none where no rule has a date', async () => {
  const server = await startServer(rulesetOf(1, [launch({ from: inHours(1) })]))
  const { client, platform } = await connectLive(server, quiet)
  const plain = await connectLive(await startServer(rulesetOf(1, [launch({})])), quiet)
  expect(platform.waits).toContain(60_000)
  expect(plain.platform.waits).not.toContain(60_000)
  const closing = client.close({ timeoutMs: 1 })
  platform.advance(1)
  await closing
  expect(platform.pending).toBe(0)
})
