import type { InstanceState } from '@dimmer/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createManualClock } from '../../adapters/manual-clock.ts'
import { Instances } from './instances.ts'

const ENVIRONMENT = 'env-1'
const SDK = 'node/0.1.0'

function fleet(...ids: string[]) {
  const clock = createManualClock(1_000_000)
  const instances = new Instances(clock)
  const disconnect = new Map(ids.map(id => [id, instances.connected(ENVIRONMENT, id, SDK)]))
  const confirm = (instanceId: string, version: number, state: InstanceState = 'live') =>
    instances.confirm({ environmentId: ENVIRONMENT, instanceId, sdk: SDK, version, state })
  const poll = (instanceId: string, version?: number) =>
    instances.polled({ environmentId: ENVIRONMENT, instanceId, sdk: SDK }, version)
  const summary = (version: number) => instances.summary(ENVIRONMENT, 'production', version)
  return { clock, instances, disconnect, confirm, poll, summary }
}

/** Passes what one node has to tell on to another. */
function pass(from: Instances, to: Instances, node: string): void {
  for (const [environment, records] of from.takeChanges()) to.report({ id: node, kind: 'node' }, environment, records)
}

it('says how many have taken a version, how long the slowest took, and who is late', () => {
  const { clock, instances, confirm, summary } = fleet('a', 'b', 'c')
  instances.committed(ENVIRONMENT, 7, clock.now())
  clock.advance(40)
  confirm('a', 7)
  clock.advance(300)
  confirm('b', 7)
  expect(summary(7)).toEqual({
    environment: 'production',
    version: 7,
    nodes: 1,
    instances: 3,
    confirmed: 2,
    slowestMs: 340,
    slowest: 'b',
    late: ['c'],
    vanished: [],
  })
})

it('counts a later version as taken too, at the time it came', () => {
  const { clock, instances, confirm, summary } = fleet('a')
  instances.committed(ENVIRONMENT, 7, clock.now())
  clock.advance(90)
  confirm('a', 9)
  expect(summary(7)).toMatchObject({ confirmed: 1, slowestMs: 90 })
})

it('does not wait for instances that are gone, names those that had not confirmed, and forgets them after a while', () => {
  const { clock, instances, disconnect, confirm, summary } = fleet('a', 'b')
  confirm('a', 7)
  disconnect.get('b')?.()
  expect(summary(7)).toMatchObject({ instances: 1, confirmed: 1, late: [], vanished: ['b'] })
  expect(instances.list(ENVIRONMENT).map(({ instanceId, state }) => [instanceId, state])).toEqual([
    ['a', 'live'],
    ['b', 'vanished'],
  ])
  clock.advance(11 * 60_000)
  instances.forgetGone()
  expect(instances.list(ENVIRONMENT).map(({ instanceId }) => instanceId)).toEqual(['a'])
})

it('misses nobody who closed in good order, and nobody who was gone long before the change', () => {
  const { clock, instances, disconnect, confirm, summary } = fleet('closed', 'old')
  disconnect.get('old')?.()
  clock.advance(120_000)
  confirm('closed', 6, 'closed')
  disconnect.get('closed')?.()
  instances.committed(ENVIRONMENT, 7, clock.now())
  expect(summary(7)).toMatchObject({ instances: 0, vanished: [] })
  expect(instances.list(ENVIRONMENT).map(({ instanceId }) => instanceId)).toEqual(['old'])
})

it('counts an instance that only polls, by the version that it says it has, until it stops', () => {
  const { clock, instances, poll, summary } = fleet()
  poll('lambda')
  expect(summary(7)).toMatchObject({ instances: 1, confirmed: 0, late: ['lambda'] })
  clock.advance(30_000)
  poll('lambda', 7)
  expect(summary(7)).toMatchObject({ instances: 1, confirmed: 1, late: [] })
  expect(instances.list(ENVIRONMENT)).toMatchObject([{ state: 'polling', version: 7 }])
  clock.advance(89_000)
  instances.sweep()
  expect(summary(8)).toMatchObject({ instances: 1, late: ['lambda'] })
  clock.advance(2_000)
  instances.sweep()
  expect(summary(8)).toMatchObject({ instances: 0, vanished: ['lambda'] })
})

it('believes an instance that was started anew with an older version', () => {
  const { confirm, summary } = fleet('a')
  confirm('a', 9)
  confirm('a', 6)
  expect(summary(9)).toMatchObject({ confirmed: 0, late: ['a'] })
  expect(summary(6)).toMatchObject({ confirmed: 1 })
})

it('waits until the last one has confirmed, and no longer', async () => {
  const { instances, confirm } = fleet('a', 'b')
  const waiting = instances.waitFor({ id: ENVIRONMENT, key: 'production', version: 7 }, 60_000)
  confirm('a', 7)
  confirm('b', 7)
  expect(await waiting).toMatchObject({ confirmed: 2, late: [] })
})

it('stops waiting for one that goes away', async () => {
  const { instances, confirm, disconnect } = fleet('a', 'b')
  const waiting = instances.waitFor({ id: ENVIRONMENT, key: 'production', version: 7 }, 60_000)
  confirm('a', 7)
  disconnect.get('b')?.()
  expect(await waiting).toMatchObject({ instances: 1, confirmed: 1 })
})

it('gives up after the time it was given, and names who is late', async () => {
  const { instances } = fleet('a')
  expect(await instances.waitFor({ id: ENVIRONMENT, key: 'production', version: 7 }, 5)).toMatchObject({ late: ['a'] })
})

it("counts another node's instances as its own; one whose stream and receipts reach different nodes is one", () => {
  const here = fleet('a')
  const there = fleet('b')
  here.confirm('a', 7)
  here.confirm('b', 7)
  pass(there.instances, here.instances, 'there')
  expect(here.summary(7)).toMatchObject({ nodes: 2, instances: 2, confirmed: 2, late: [] })
  there.disconnect.get('b')?.()
  pass(there.instances, here.instances, 'there')
  expect(here.summary(8)).toMatchObject({ instances: 1, vanished: ['b'] })
})

it('a node that falls silent takes its instances with it: vanished, not confirmed', () => {
  const here = fleet('a')
  const there = fleet('b', 'c')
  here.instances.committed(ENVIRONMENT, 7, here.clock.now())
  here.confirm('a', 7)
  there.confirm('b', 7)
  pass(there.instances, here.instances, 'there')
  here.clock.advance(11_000)
  here.instances.sweep()
  expect(here.summary(7)).toMatchObject({ nodes: 1, instances: 1, confirmed: 1, late: [], vanished: ['c'] })
  expect(here.instances.heard({ id: 'there', kind: 'node' })).toBe(false)
})

it('passes on what edges report, with the edge by its name', () => {
  const middle = fleet()
  const record = {
    sdk: SDK,
    via: null,
    state: 'live',
    present: true,
    streaming: true,
    seenAgoMs: 0,
    version: 7,
    confirmedAgoMs: 5,
  } as const
  middle.instances.report({ id: 'edge-1', kind: 'edge' }, ENVIRONMENT, [{ ...record, id: 'behind' }])
  const far = fleet()
  pass(middle.instances, far.instances, 'middle')
  expect(far.instances.list(ENVIRONMENT)).toMatchObject([{ instanceId: 'behind', via: 'edge-1', version: 7 }])
  middle.clock.advance(11_000)
  middle.instances.sweep()
  pass(middle.instances, far.instances, 'middle')
  expect(far.summary(8)).toMatchObject({ instances: 0, vanished: ['behind'] })
})

const ACTS = ['connect', 'leave', 'confirm', 'poll', 'pass'] as const

it('whatever happens in whatever order: each instance is counted once, and as confirmed, late or vanished', () => {
  const step = fc.record({
    node: fc.integer({ min: 0, max: 2 }),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    act: fc.constantFrom(...ACTS),
    version: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const here = fleet()
      const nodes = [here, fleet(), fleet()]
      const leave: (() => void)[] = []
      for (const { node, id, act, version } of steps) {
        const at = nodes[node] ?? here
        const acts = {
          connect: () => leave.push(at.instances.connected(ENVIRONMENT, id, SDK)),
          leave: () => leave.shift()?.(),
          confirm: () => at.confirm(id, version),
          poll: () => at.poll(id, version),
          pass: () => at !== here && pass(at.instances, here.instances, `n${node}`),
        }
        acts[act]()
      }
      const { instances, summary } = here
      const { late, vanished, confirmed, instances: present } = summary(2)
      expect(confirmed + late.length).toBe(present)
      expect(new Set([...late, ...vanished]).size).toBe(late.length + vanished.length)
      expect(new Set(instances.list(ENVIRONMENT).map(({ instanceId }) => instanceId)).size).toBe(
        instances.list(ENVIRONMENT).length,
      )
    }),
  )
})

const HOUR_MS = 3_600_000

it.each([-5 * HOUR_MS, 5 * HOUR_MS])('a clock that is set by %i ms makes nobody late, gone, or there again', jump => {
  const { clock, instances, disconnect, confirm, poll, summary } = fleet('streams', 'leaves')
  const other = new Instances(clock)
  const afar = other.connected(ENVIRONMENT, 'afar', SDK)
  other.confirm({ environmentId: ENVIRONMENT, instanceId: 'afar', sdk: SDK, version: 6, state: 'live' })
  pass(other, instances, 'node-b')
  poll('polls', 6)
  for (const id of ['streams', 'leaves']) confirm(id, 6)
  clock.advance(1_000)
  clock.set(clock.now() + jump)
  instances.sweep()
  instances.committed(ENVIRONMENT, 7, clock.now())
  clock.advance(50)
  for (const id of ['streams', 'leaves', 'polls']) confirm(id, 7, id === 'polls' ? 'polling' : 'live')
  other.confirm({ environmentId: ENVIRONMENT, instanceId: 'afar', sdk: SDK, version: 7, state: 'live' })
  pass(other, instances, 'node-b')
  expect(summary(7)).toMatchObject({ instances: 4, confirmed: 4, late: [], vanished: [], slowestMs: 50 })
  const streams = instances.list(ENVIRONMENT).find(({ instanceId }) => instanceId === 'streams')
  expect(streams?.confirmedAt).toBe(new Date(clock.now()).toISOString())

  clock.advance(60_000)
  instances.sweep()
  const there = () => instances.list(ENVIRONMENT).flatMap(one => (one.connected ? [one.instanceId] : []))
  expect(there().sort()).toEqual(['leaves', 'streams'])
  disconnect.get('leaves')?.()
  clock.set(clock.now() - jump)
  instances.forgetGone()
  expect(there()).toEqual(['streams'])
  expect(instances.list(ENVIRONMENT).map(({ instanceId }) => instanceId)).toContain('leaves')
  afar()
})

it('tells what each instance skips, on every node, and forgets it with the next version', () => {
  const [one, other] = [fleet('a', 'b'), fleet()]
  const skips = [{ flag: 'f', path: 'flags.f.rules[0].when.op', code: 'unknown-operator' }]
  const listed = () => other.instances.list(ENVIRONMENT).map(view => [view.instanceId, view.version, view.skips])
  one.instances.confirm({ environmentId: ENVIRONMENT, instanceId: 'a', sdk: SDK, version: 7, state: 'live', skips })
  one.confirm('b', 7)
  pass(one.instances, other.instances, 'one')
  expect(listed()).toEqual([
    ['a', 7, skips],
    ['b', 7, []],
  ])
  one.confirm('a', 8)
  pass(one.instances, other.instances, 'one')
  expect(listed()[0]).toEqual(['a', 8, []])
})

it('knows at any time how many are there', () => {
  const step = fc.record({
    act: fc.constantFrom('connect', 'leave', 'poll', 'close', 'wait', 'forget'),
    id: fc.constantFrom('a', 'b', 'c'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { clock, instances, poll, confirm } = fleet()
      const leave: (() => void)[] = []
      for (const { act, id } of steps) {
        const acts = {
          connect: () => leave.push(instances.connected(ENVIRONMENT, id, SDK)),
          leave: () => leave.shift()?.(),
          poll: () => poll(id),
          close: () => confirm(id, 1, 'closed'),
          wait: () => clock.advance(20_000),
          forget: () => instances.forgetGone(),
        }
        acts[act]()
        instances.sweep()
        const connected = instances.list(ENVIRONMENT).filter(one => one.connected)
        expect(instances.presentCount(ENVIRONMENT)).toBe(connected.length)
      }
    }),
  )
})

it('counts an instance once that two nodes know, until the last of them has lost it', () => {
  const here = fleet('a')
  const there = fleet('a', 'b')
  pass(there.instances, here.instances, 'there')
  expect(here.instances.presentCount(ENVIRONMENT)).toBe(2)
  here.disconnect.get('a')?.()
  expect(here.instances.presentCount(ENVIRONMENT)).toBe(2)
  here.instances.silence('there')
  expect(here.instances.presentCount(ENVIRONMENT)).toBe(0)
})
