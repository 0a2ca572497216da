import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connect, connectLive, startServer, until } from '../test/harness.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const ANNA = { accountId: 'acc-1' }
const shared = (version: number, percent: number) =>
  booleanFlag('shared', {
    version,
    rules: [{ id: 'r', share: { unit: 'account', percent }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
const needsIt = booleanFlag('needs-it', { prerequisites: [{ flag: 'shared', variants: ['on', 'off'] }] })

async function start() {
  const server = await startServer(rulesetOf(1, [shared(1, 100), needsIt]))
  const rig = await connectLive(server, { flushIntervalMs: 1e9 })
  const publish = async (version: number, flags: Parameters<typeof rulesetOf>[1]): Promise<void> => {
    server.publish(rulesetOf(version, flags))
    await until(() => rig.client.status().version === version, `version ${version}`)
  }
  return { server, publish, ...rig }
}

it('goes on with its decisions through a roll-back, for flags that it asks for later too', async () => {
  const { client, publish } = await start()
  const pinned = client.pin(ANNA)
  await publish(2, [shared(2, 0)])
  expect([pinned.isEnabled('shared'), pinned.value('needs-it', false)]).toEqual([true, true])
  expect([client.isEnabled('shared', ANNA), client.pin(ANNA).isEnabled('shared')]).toEqual([false, false])
  expect(pinned.details('shared', false)).toMatchObject({ value: true, flagVersion: 1, reason: { kind: 'rule' } })
})

it('lets a kill through, of a flag and of one that it needs, and keeps to it', async () => {
  const { client, publish } = await start()
  const pinned = client.pin(ANNA)
  const stubborn = client.pin(ANNA, { killOverrides: false })
  expect([pinned.isEnabled('shared'), pinned.isEnabled('needs-it')]).toEqual([true, true])
  await publish(2, [{ ...shared(2, 100), on: false }, needsIt])
  expect([pinned.isEnabled('shared'), pinned.isEnabled('needs-it')]).toEqual([false, false])
  expect(pinned.details('shared', true).reason).toEqual({ kind: 'off' })
  expect([stubborn.isEnabled('shared'), stubborn.isEnabled('needs-it')]).toEqual([true, true])
  await publish(3, [shared(3, 100), needsIt])
  expect([pinned.isEnabled('shared'), stubborn.isEnabled('shared')]).toEqual([false, true])
})

it('does not follow a flag that is deleted, nor one that comes', async () => {
  const { client, publish } = await start()
  const pinned = client.pin(ANNA)
  await publish(2, [booleanFlag('new', { version: 2 })])
  expect([pinned.isEnabled('shared'), pinned.isEnabled('new')]).toEqual([true, false])
})

it('never changes its mind, whatever is published, but for a kill', async () => {
  const { client, publish } = await start()
  let version = 1
  const step = fc.record({ percent: fc.constantFrom(0, 50, 100), on: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async steps => {
      await publish(++version, [shared(version, 100), needsIt])
      const pinned = client.pin(ANNA)
      const request = client.forRequest(ANNA)
      let killed = false
      for (const { percent, on } of steps) {
        await publish(++version, [{ ...shared(version, percent), on }, needsIt])
        killed ||= !on
        expect([pinned.isEnabled('shared'), request.isEnabled('shared')]).toEqual([!killed, true])
      }
    }),
    { numRuns: 15 },
  )
})

it('counts each flag once in a request, and each time in a pin', async () => {
  const { server, client } = await start()
  const request = client.forRequest(ANNA)
  for (let i = 0; i < 3; i++) request.isEnabled('shared')
  expect([request.value('unknown', 'a'), request.value('unknown', 'b')]).toEqual(['a', 'b'])
  const pinned = client.pin(ANNA)
  for (let i = 0; i < 2; i++) pinned.isEnabled('needs-it')
  request.track('opened')
  await client.flush()
  const [batch] = server.batches
  expect(batch?.exposures).toEqual([
    { flag: 'unknown', flagVersion: 0, variant: null, count: 1 },
    { flag: 'shared', flagVersion: 1, variant: 'on', count: 1 },
    { flag: 'needs-it', flagVersion: 1, variant: 'on', count: 2 },
  ])
  expect(batch?.tracks).toMatchObject([{ name: 'opened', units: { account: 'acc-1' } }])
})

it('takes the first ruleset there is when it was made before one', async () => {
  const server = await startServer(rulesetOf(1, [shared(1, 100)]))
  server.refuse.stream = { status: 0 }
  const { client, platform } = connect(server.url, { connectTimeoutMs: 1_000 })
  const request = client.forRequest(ANNA)
  expect(request.isEnabled('shared')).toBe(false)
  platform.advance(1_000)
  await client.ready()
  expect(request.isEnabled('shared')).toBe(true)
})
