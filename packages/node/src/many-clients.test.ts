import { expect, it } from 'vitest'
import { connect, startServer, until } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const signals = () => process.listenerCount('SIGTERM')

it('leaves nothing behind: a hundred clients in one process', async () => {
  const server = await startServer(rulesetOf(1, [booleanFlag('a')]))
  const before = { signals: signals(), exits: process.listenerCount('exit'), warnings: 0 }
  const onWarning = (): void => void before.warnings++
  process.on('warning', onWarning)
  const rigs = Array.from({ length: 100 }, () => connect(server.url, { closeOnSigterm: true }))
  await Promise.all(rigs.map(({ client }) => client.ready()))
  await until(() => server.openStreams === 100, '100 streams')
  expect(signals()).toBe(before.signals + 1)
  for (const { client } of rigs) client.isEnabled('a', { accountId: 'acc-1' })
  await Promise.all(rigs.map(({ client }) => client.close()))
  expect(signals()).toBe(before.signals)
  expect(process.listenerCount('exit')).toBe(before.exits)
  expect(rigs.map(({ platform }) => platform.pending).filter(timers => timers > 0)).toEqual([])
  await until(() => server.openStreams === 0, 'no streams')
  expect(server.batches.flatMap(batch => batch.exposures).reduce((sum, { count }) => sum + count, 0)).toBe(100)
  process.off('warning', onWarning)
  expect(before.warnings).toBe(0)
}, 30_000)

it('sends what waits and closes on SIGTERM, once', async () => {
  const server = await startServer(rulesetOf(1, [booleanFlag('a')]))
  // With somebody else listening the process isn't ended.
  let heard = 0
  const app = (): void => void heard++
  process.on('SIGTERM', app)
  const rigs = [1, 2].map(() => connect(server.url, { closeOnSigterm: true }))
  const careless = connect(server.url)
  await Promise.all([...rigs, careless].map(({ client }) => client.ready()))
  for (const { client } of rigs) client.track('opened', { accountId: 'acc-1' })
  process.emit('SIGTERM', 'SIGTERM')
  process.emit('SIGTERM', 'SIGTERM')
  await until(() => server.batches.flatMap(batch => batch.tracks).length === 2, 'both tracks')
  await until(() => rigs.every(({ client }) => client.status().state === 'offline'), 'closed')
  expect([careless.client.status().state, heard]).toEqual(['live', 2])
  process.off('SIGTERM', app)
  expect(signals()).toBe(0)
})
