import type { Condition } from '@dimmer/engine'
import { expect, it } from 'vitest'
import { connect, connectLive, startServer, until } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const version = (number: number) => rulesetOf(number, [booleanFlag('a', { version: number })])

it('says at once which version it runs, when the server asks for no delay', async () => {
  const server = await startServer(version(1))
  await connectLive(server)
  await until(() => server.receipts.length === 1, 'the first receipt')
  server.publish(version(2))
  await until(() => server.receipts.length === 2, 'the second receipt')
  expect(server.receipts).toEqual([
    { version: 1, state: 'live' },
    { version: 2, state: 'live' },
  ])
})

it('says what of a ruleset it goes on without, and no longer when that is over', async () => {
  const when = { attribute: 'name', op: 'soundsLike', value: 'Meyer' } as unknown as Condition
  const rules = [{ id: 'newer', when, serve: { variant: 'on' } }]
  const server = await startServer(rulesetOf(1, [booleanFlag('a', { rules })]))
  await connectLive(server)
  await until(() => server.receipts.length === 1, 'the first receipt')
  server.publish(version(2))
  await until(() => server.receipts.length === 2, 'the second receipt')
  expect(server.receipts).toEqual([
    { version: 1, state: 'live', skips: [{ flag: 'a', path: 'flags.a.rules[0].when.op', code: 'unknown-operator' }] },
    { version: 2, state: 'live' },
  ])
})

it('waits a random part of the delay, and then says only the newest version', async () => {
  const server = await startServer(version(1))
  server.receiptDelayMs = 1_000
  const { client, platform } = await connectLive(server)
  await until(() => server.receipts.length === 1, 'the first receipt')
  platform.dice = 0.5
  server.publish(version(2))
  server.publish(version(3))
  await until(() => client.status().version === 3, 'version 3')
  platform.advance(499)
  expect(server.receipts.length).toBe(1)
  platform.advance(1)
  await until(() => server.receipts.length === 2, 'the second receipt')
  expect(server.receipts[1]).toEqual({ version: 3, state: 'live' })
})

it('tries again until the server has it', async () => {
  const server = await startServer(version(1))
  server.refuse.receipts = { status: 503 }
  const { platform } = await connectLive(server)
  platform.dice = 0.5
  await until(() => platform.waits.includes(500), 'waiting to retry')
  delete server.refuse.receipts
  platform.advance(500)
  await until(() => server.receipts.length === 1, 'the receipt')
})

it('says it again to a server that has restarted', async () => {
  const server = await startServer(version(1))
  const { client, platform } = await connectLive(server)
  await until(() => server.receipts.length === 1, 'the first receipt')
  server.endStreams()
  await until(() => client.status().state === 'stale', 'stale')
  platform.advance(500)
  await until(() => server.receipts.length === 2, 'the second receipt')
  expect(server.receipts[1]).toEqual({ version: 1, state: 'live' })
})

it('says when it is fed by polls', async () => {
  const server = await startServer(version(1))
  server.refuse.stream = { status: 503 }
  const { client, platform } = connect(server.url)
  await client.ready()
  await until(() => {
    platform.advance(100)
    return server.receipts.length === 1
  }, 'the receipt')
  expect(server.receipts).toEqual([{ version: 1, state: 'polling' }])
})
