import { expect, it } from 'vitest'
import { connectLive, startServer, until } from '../test/harness.ts'
import { rulesetOf } from '../test/rulesets.ts'

it('compresses batches that are worth it', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client } = await connectLive(server, { flushIntervalMs: 1e9 })
  client.track('small', { accountId: 'acc-1' })
  await client.flush()
  for (let i = 0; i < 100; i++) client.track('large', { accountId: `acc-${i}` })
  await client.flush()
  expect(server.encodings).toEqual([undefined, 'gzip'])
  expect(server.batches.flatMap(batch => batch.tracks).length).toBe(101)
})

it('goes on without compression where it is not taken, under the same id', async () => {
  const server = await startServer(rulesetOf(1, []))
  server.plainOnly = true
  const { client, platform } = await connectLive(server, { flushIntervalMs: 1e9 })
  for (let i = 0; i < 100; i++) client.track('large', { accountId: `acc-${i}` })
  await client.flush()
  await until(() => {
    platform.advance(1_000)
    return client.status().waitingEvents === 0
  }, 'all is sent')
  expect(server.encodings).toEqual(['gzip', undefined])
  expect(server.batches.length).toBe(1)
})
