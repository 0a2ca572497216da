import { expect, it } from 'vitest'
import { connectLive, startServer } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

it('tells the true age of the data, however the clock of the day is set', async () => {
  const server = await startServer(rulesetOf(1, [booleanFlag('a')]))
  const { client, platform } = await connectLive(server, { flushIntervalMs: 1e9 })
  for (const jump of [7_200_000, -86_400_000]) {
    platform.jumped = jump
    expect(client.status()).toMatchObject({ state: 'live', ageMs: 0 })
  }
  platform.advance(10_000)
  expect(client.status().ageMs).toBe(10_000)
})

it('does not take a set clock for silence, or for a stable stream', async () => {
  const server = await startServer(rulesetOf(1, [booleanFlag('a')]))
  const { client, platform } = await connectLive(server, { flushIntervalMs: 1e9, pollIntervalMs: 1e9 })
  platform.jumped = 86_400_000
  platform.advance(1_000)
  expect(client.status().state).toBe('live')
  expect(server.streamRequests.length).toBe(1)
})
