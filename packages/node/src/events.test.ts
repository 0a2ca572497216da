import type { EventBatch } from '@dimmer/protocol'
import { expect, it } from 'vitest'
import { connect, connectLive, startServer, until } from '../test/harness.ts'
import type { RulesetServer } from '../test/ruleset-server.ts'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'

const half = (unit: string) =>
  [
    { variant: 'on', weight: 1 },
    { variant: 'off', weight: 1 },
  ].map(arm => ({ ...arm, unit }))
const shared = (percent: number, version = 1) =>
  booleanFlag('shared', {
    version,
    rules: [{ id: 'r1', share: { unit: 'account', percent }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
const plain = booleanFlag('plain')
const accounts = Array.from({ length: 100 }, (_, index) => ({ accountId: `acc-${index}` }))

const all = <K extends 'exposures' | 'firstExposures' | 'tracks' | 'identifies'>(
  server: RulesetServer,
  list: K,
): EventBatch[K][number][] => server.accepted.flatMap(batch => batch[list] as EventBatch[K][number][])

it('counts exposures by flag, version and variant', async () => {
  const server = await startServer(rulesetOf(3, [plain, booleanFlag('other', { version: 2, serves: false })]))
  const { client } = await connectLive(server)
  for (let i = 0; i < 3; i++) client.isEnabled('plain', {})
  client.value('other', {}, true)
  client.details('other', {}, true)
  await client.flush()
  expect(all(server, 'exposures')).toEqual([
    { flag: 'plain', flagVersion: 1, variant: 'on', count: 3 },
    { flag: 'other', flagVersion: 2, variant: 'off', count: 2 },
  ])
  expect(all(server, 'firstExposures')).toEqual([])
  client.isEnabled('plain', {})
  await client.flush()
  expect(all(server, 'exposures').at(-1)).toEqual({ flag: 'plain', flagVersion: 1, variant: 'on', count: 1 })
  expect(server.problems).toEqual([])
})

it('counts fallbacks with no variant: unknown flags, wrong types, and before there is a ruleset', async () => {
  const server = await startServer(rulesetOf(3, [plain]))
  const { client } = connect(server.url)
  client.isEnabled('early', {})
  await client.ready()
  client.isEnabled('gone', {})
  client.isEnabled('gone', {})
  client.value('plain', {}, 'text')
  await client.flush()
  expect(all(server, 'exposures')).toEqual([
    { flag: 'early', flagVersion: 0, variant: null, count: 1 },
    { flag: 'gone', flagVersion: 0, variant: null, count: 2 },
    { flag: 'plain', flagVersion: 1, variant: null, count: 1 },
  ])
})

it('reports the first exposure of each treated and of each held-out unit, once', async () => {
  const server = await startServer(rulesetOf(1, [shared(50)]))
  const { client, platform } = await connectLive(server)
  const on = accounts.filter(account => client.isEnabled('shared', account))
  for (const account of accounts) client.isEnabled('shared', account)
  await client.flush()
  const firsts = all(server, 'firstExposures')
  expect(firsts.length).toBe(100)
  expect(firsts.filter(first => first.variant === 'on').map(first => first.unitId)).toEqual(on.map(a => a.accountId))
  const at = platform.now()
  const same = { flag: 'shared', flagVersion: 1, unit: 'account', at }
  expect(firsts.find(first => first.variant === 'on')).toEqual({
    ...same,
    variant: 'on',
    unitId: on[0]?.accountId,
    rule: 'r1',
    heldOutBy: null,
  })
  expect(firsts.find(first => first.variant === 'off')).toMatchObject({
    ...same,
    variant: 'off',
    rule: null,
    heldOutBy: 'r1',
  })
  for (const account of accounts) client.isEnabled('shared', account)
  await client.flush()
  expect(all(server, 'firstExposures').length).toBe(100)
})

it('reports first exposures of a split by its unit, a custom one too', async () => {
  const split = booleanFlag('split', {
    fallthrough: {
      split: { unit: 'device', arms: half('device').map(({ variant, weight }) => ({ variant, weight })) },
    },
  })
  const server = await startServer(rulesetOf(1, [split], { units: { device: 'device.id' } }))
  const { client } = await connectLive(server)
  client.isEnabled('split', { userId: 'u-1', device: { id: 'd-1' } })
  client.isEnabled('split', { userId: 'u-2', device: { id: 'd-1' } })
  client.isEnabled('split', { device: { id: 42 } })
  await client.flush()
  expect(all(server, 'firstExposures')).toMatchObject([
    { unit: 'device', unitId: 'd-1', rule: null, heldOutBy: null },
    { unit: 'device', unitId: '42' },
  ])
})

it('reports a unit that is held out by one unit and served by another on both sides', async () => {
  const flag = booleanFlag('both', {
    rules: [{ id: 'r1', share: { unit: 'account', percent: 0 }, serve: { variant: 'on' } }],
    fallthrough: { split: { unit: 'user', arms: [{ variant: 'off', weight: 1 }] } },
  })
  const server = await startServer(rulesetOf(1, [flag]))
  const { client } = await connectLive(server)
  for (const userId of ['u-1', 'u-2']) client.isEnabled('both', { accountId: 'acc-1', userId })
  await client.flush()
  const told = all(server, 'firstExposures').map(({ unit, unitId, rule, heldOutBy }) => [unit, unitId, rule, heldOutBy])
  expect(told).toEqual([
    ['user', 'u-1', null, null],
    ['account', 'acc-1', null, 'r1'],
    ['user', 'u-2', null, null],
  ])
  expect(all(server, 'exposures')).toEqual([{ flag: 'both', flagVersion: 1, variant: 'off', count: 2 }])
})

it('reports first exposures anew for a new version of the flag, and only then', async () => {
  const server = await startServer(rulesetOf(1, [shared(100)]))
  const { client } = await connectLive(server)
  const account = { accountId: 'acc-1' }
  client.isEnabled('shared', account)
  server.publish(rulesetOf(2, [shared(100), plain]))
  await until(() => client.status().version === 2, 'version 2')
  client.isEnabled('shared', account)
  await client.flush()
  expect(all(server, 'firstExposures').length).toBe(1)
  expect(all(server, 'exposures')).toEqual([{ flag: 'shared', flagVersion: 1, variant: 'on', count: 2 }])
  server.publish(rulesetOf(3, [shared(100, 3)]))
  await until(() => client.status().version === 3, 'version 3')
  client.isEnabled('shared', account)
  await client.flush()
  expect(all(server, 'firstExposures').map(first => first.flagVersion)).toEqual([1, 3])
})

it('warns once of a missing unit, and reports no exposure of nobody', async () => {
  const server = await startServer(rulesetOf(1, [shared(100)]))
  const { client, problems } = await connectLive(server)
  for (let i = 0; i < 3; i++) {
    expect(client.details('shared', { userId: 'u-1' }, true)).toMatchObject({ value: false, missingUnit: 'account' })
  }
  await client.flush()
  expect(all(server, 'firstExposures')).toEqual([])
  expect(problems).toEqual(['missing-unit: flag "shared" needs the unit "account", which the context doesn\'t have'])
})

it('sends tracks with all unit ids of the context', async () => {
  const server = await startServer(rulesetOf(1, [], { units: { device: 'device.id' } }))
  const { client, platform } = await connectLive(server)
  const context = { accountId: 'acc-1', userId: 7, plan: 'free', device: { id: 'd-1' } } as never
  client.track('pdf.rendered', context, { ok: false, ms: 12.5, value: 3, creates: 'invoice' })
  client.track('pdf.rendered', context)
  await client.flush()
  const same = { name: 'pdf.rendered', at: platform.now(), units: { account: 'acc-1', user: '7', device: 'd-1' } }
  expect(all(server, 'tracks')).toEqual([{ ...same, ok: false, ms: 12.5, value: 3, creates: 'invoice' }, same])
})

it('sends what is known about the units, as it was at the time', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client, platform } = await connectLive(server)
  const context = {
    accountId: 'acc-1',
    targetingKey: 'k',
    plan: 'free',
    seats: 3,
    nested: { list: [1] },
    since: new Date(0),
    no: undefined,
  }
  client.identify(context)
  context.plan = 'changed later'
  await client.flush()
  expect(all(server, 'identifies')).toEqual([
    {
      at: platform.now(),
      units: { account: 'acc-1' },
      attributes: { plan: 'free', seats: 3, nested: { list: [1] }, since: '1970-01-01T00:00:00.000Z' },
    },
  ])
})

it('drops what cannot be sent, says why once and how many', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client, problems } = await connectLive(server)
  const circular: Record<string, unknown> = { accountId: 'acc-1' }
  circular.self = circular
  client.track('nobody', { plan: 'free' })
  client.track('nobody', { plan: 'free' })
  client.track('', { accountId: 'acc-1' })
  client.track('context', null as never)
  client.track('long id', { accountId: 'x'.repeat(201) })
  client.identify(circular)
  client.identify({ accountId: 'acc-1', big: 'x'.repeat(20_000) })
  client.track('half bad', { accountId: 'acc-1' }, { ms: Number.NaN, value: 1 })
  await client.flush()
  expect(server.problems).toEqual([])
  expect(all(server, 'tracks')).toEqual([expect.objectContaining({ name: 'half bad', value: 1 })])
  expect(server.accepted[0]?.dropped).toBe(7)
  expect(problems.filter(problem => problem.startsWith('invalid-event')).length).toBe(7)
})

it('sends a batch every interval, and none when there is nothing to tell', async () => {
  const server = await startServer(rulesetOf(1, [plain]))
  const { client, platform } = await connectLive(server, { flushIntervalMs: 3_333 })
  platform.advance(3_333)
  await until(() => platform.waits.includes(3_333), 'the next flush is planned')
  expect(server.batches).toEqual([])
  client.isEnabled('plain', {})
  platform.advance(3_333)
  await until(() => server.batches.length === 1, 'one batch')
  expect(server.batches[0]?.sentAt).toBe(platform.now())
})

it('sends at once when 1,000 events wait', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client } = await connectLive(server)
  for (let i = 0; i < 1_000; i++) client.track('t', { accountId: 'acc-1' })
  await until(() => all(server, 'tracks').length === 1_000, 'sent')
})

it('retries a batch whose answer was lost under the same id, so that it counts once', async () => {
  const server = await startServer(rulesetOf(1, [plain]))
  const { client, platform } = await connectLive(server)
  server.loseAnswers = 2
  client.isEnabled('plain', {})
  client.track('t', { accountId: 'acc-1' })
  await client.flush()
  client.isEnabled('plain', {})
  await until(() => {
    platform.advance(1_000)
    return server.batches.length === 4
  }, 'four batches')
  const [first, second, third, fourth] = server.batches.map(batch => batch.batchId)
  expect([second, third]).toEqual([first, first])
  expect(fourth).not.toBe(first)
  expect(all(server, 'exposures').map(exposure => exposure.count)).toEqual([1, 1])
  expect(all(server, 'tracks').length).toBe(1)
  expect(server.batches[2]?.sentAt).toBeGreaterThan(server.batches[0]?.sentAt ?? 0)
})

it('keeps events through an outage, up to its bounds, and then says how many it dropped', async () => {
  const server = await startServer(rulesetOf(1, [shared(100)]))
  const { client, platform, problems } = await connectLive(server, { maxEvents: 10 })
  server.refuse.events = { status: 503 }
  client.track('in flight', { accountId: 'acc-0' })
  await client.flush()
  for (let i = 0; i < 12; i++) client.track(`t${i}`, { accountId: 'acc-1' })
  client.identify({ accountId: 'acc-1', plan: 'free' })
  for (const account of accounts.slice(0, 3)) client.isEnabled('shared', account)
  delete server.refuse.events
  await client.flush()
  expect(all(server, 'tracks').map(track => track.name)).toEqual(['in flight', 't0', 't1', 't2', 't3', 't4'])
  expect(all(server, 'identifies').length).toBe(1)
  expect(all(server, 'firstExposures').length).toBe(3)
  expect(all(server, 'exposures')).toEqual([{ flag: 'shared', flagVersion: 1, variant: 'on', count: 3 }])
  expect(server.accepted.map(batch => batch.dropped)).toEqual([0, 7])
  expect(problems.at(-1)).toMatch(/^events-dropped: 7 events/)
  platform.advance(0)
})

it('reports a first exposure later that found no room', async () => {
  const server = await startServer(rulesetOf(1, [shared(100)]))
  const { client } = await connectLive(server, { maxEvents: 2 })
  for (const account of accounts.slice(0, 3)) client.isEnabled('shared', account)
  await client.flush()
  for (const account of accounts.slice(0, 3)) client.isEnabled('shared', account)
  await client.flush()
  expect(all(server, 'firstExposures').map(first => first.unitId)).toEqual(['acc-0', 'acc-1', 'acc-2'])
  expect(server.accepted.map(batch => batch.dropped)).toEqual([0, 0])
})

it('splits a batch that is too large', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client } = await connectLive(server)
  server.mostTracks = 2
  for (let i = 0; i < 7; i++) client.track(`t${i}`, { accountId: 'acc-1' })
  await client.flush()
  expect(all(server, 'tracks').map(track => track.name)).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6'])
  expect(server.accepted.length).toBe(4)
})

it('drops an event that is too large all by itself', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client } = await connectLive(server)
  server.mostTracks = 0
  client.track('t', { accountId: 'acc-1' })
  await client.flush()
  client.identify({ accountId: 'acc-1' })
  await client.flush()
  expect(server.accepted.map(batch => [batch.identifies.length, batch.dropped])).toEqual([[1, 1]])
})

it('gives up a batch that the server will never take, and goes on', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client, problems } = await connectLive(server)
  server.refuse.events = { status: 400 }
  client.track('bad', { accountId: 'acc-1' })
  await client.flush()
  delete server.refuse.events
  client.track('good', { accountId: 'acc-1' })
  await client.flush()
  expect(all(server, 'tracks').map(track => track.name)).toEqual(['good'])
  expect(server.accepted[0]?.dropped).toBe(1)
  expect(problems[0]).toMatch(/^events-dropped: the server didn't take a batch of 1 events: 400/)
})

it('says which events of a batch the server did not take', async () => {
  const server = await startServer(rulesetOf(1, []))
  const { client, problems } = await connectLive(server)
  server.refused = { count: 2, details: [{ path: 'tracks.0.name', message: 'is too long' }] }
  client.track('t', { accountId: 'acc-1' })
  await client.flush()
  expect(problems).toEqual(["events-dropped: the server didn't take 2 events of a batch: tracks.0.name: is too long"])
  expect(client.status().waitingEvents).toBe(0)
})

it('stops sending when the key is refused', async () => {
  const server = await startServer(rulesetOf(1, [plain]))
  const { client, platform, problems } = await connectLive(server)
  server.refuse.events = { status: 401 }
  client.track('t', { accountId: 'acc-1' })
  await client.flush()
  delete server.refuse.events
  client.track('t', { accountId: 'acc-1' })
  platform.advance(60_000)
  expect(server.batches).toEqual([])
  expect(problems[0]).toMatch(/^refused: /)
})

it('loses nothing on close', async () => {
  const server = await startServer(rulesetOf(1, [plain]))
  const { client } = await connectLive(server)
  client.isEnabled('plain', {})
  client.track('t', { accountId: 'acc-1' })
  await client.close()
  expect(all(server, 'exposures').length + all(server, 'tracks').length).toBe(2)
})

it('tries again on close when the server is away for a moment', async () => {
  const server = await startServer(rulesetOf(1, [plain]))
  const { client, platform } = await connectLive(server)
  server.refuse.events = { status: 503 }
  client.track('t', { accountId: 'acc-1' })
  const closed = client.close({ timeoutMs: 2_000 })
  await until(() => client.status().waitingEvents === 1 && platform.pending === 2, 'waiting to retry')
  delete server.refuse.events
  platform.advance(1_000)
  await closed
  expect(all(server, 'tracks').length).toBe(1)
})

it('gives up on close after its time, and says what it lost', async () => {
  const server = await startServer(rulesetOf(1, [plain]))
  const { client, platform, problems } = await connectLive(server)
  server.refuse.events = { status: 0 }
  client.track('t', { accountId: 'acc-1' })
  const closed = client.close({ timeoutMs: 2_000 })
  platform.advance(2_000)
  await closed
  expect(problems.at(-1)).toBe('events-dropped: closed with 1 events not sent')
})
