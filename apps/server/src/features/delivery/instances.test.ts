import { expect, it } from 'vitest'
import { createManualClock } from '../../adapters/manual-clock.ts'
import { Instances } from './instances.ts'

const ENVIRONMENT = 'env-1'

function fleet(...ids: string[]) {
  const clock = createManualClock(1_000_000)
  const instances = new Instances(clock)
  const disconnect = new Map(ids.map(id => [id, instances.connected(ENVIRONMENT, id, 'node/0.1.0')]))
  const confirm = (instanceId: string, version: number) =>
    instances.confirm({ environmentId: ENVIRONMENT, instanceId, sdk: 'node/0.1.0', version })
  const summary = (version: number) => instances.summary(ENVIRONMENT, 'production', version)
  return { clock, instances, disconnect, confirm, summary }
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
    instances: 3,
    confirmed: 2,
    slowestMs: 340,
    slowest: 'b',
    late: ['c'],
  })
})

it('counts a later version as taken too, at the time it came', () => {
  const { clock, instances, confirm, summary } = fleet('a')
  instances.committed(ENVIRONMENT, 7, clock.now())
  clock.advance(90)
  confirm('a', 9)
  expect(summary(7)).toMatchObject({ confirmed: 1, slowestMs: 90 })
})

it('does not wait for instances that are gone, and forgets them after a while', () => {
  const { clock, instances, disconnect, confirm, summary } = fleet('a', 'b')
  confirm('a', 7)
  disconnect.get('b')?.()
  expect(summary(7)).toMatchObject({ instances: 1, confirmed: 1, late: [] })
  expect(instances.list(ENVIRONMENT).map(({ instanceId, connected }) => [instanceId, connected])).toEqual([
    ['a', true],
    ['b', false],
  ])
  clock.advance(11 * 60_000)
  instances.forgetGone()
  expect(instances.list(ENVIRONMENT).map(({ instanceId }) => instanceId)).toEqual(['a'])
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
