import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BackOff } from './back-off.ts'
import { type Batch, BatchQueue, type Delivery, halveBatch } from './batch-queue.ts'

interface Event {
  readonly n: number
  readonly spare?: boolean
}

const makeRoom = (events: Event[]): boolean => {
  const index = events.findLastIndex(({ spare }) => spare)
  return index >= 0 && events.splice(index, 1).length > 0
}

function rig(answer: (batch: Batch<Event>) => Delivery<Event>, sizes = { capacity: 100, batchSize: 10 }) {
  const sent: Batch<Event>[] = []
  let ids = 0
  let time = 0
  const queue = new BatchQueue<Event>({
    ...sizes,
    newBatchId: () => `batch-id-${++ids}`,
    // Half a second goes by between any two failures.
    backOff: new BackOff({
      random: () => 0.5,
      now: () => (time += 500),
      baseMs: 1_000,
      capMs: 30_000,
      stableAfterMs: 0,
    }),
    post: async batch => {
      sent.push(batch)
      return answer(batch)
    },
  })
  const numbers = (): number[] => sent.flatMap(({ events }) => events.map(({ n }) => n))
  return { queue, sent, numbers }
}

it('keeps a batch and its id until it is answered, and waits longer each time', async () => {
  let answer: Delivery<Event> = { kind: 'failed' }
  const { queue, sent } = rig(() => answer)
  queue.add({ n: 1 })
  queue.pack()
  expect([await queue.drain(), await queue.drain(), queue.size]).toEqual([500, 750, 1])
  answer = { kind: 'failed', retryAfterMs: 20_000 }
  expect(await queue.drain()).toBe(21_000)
  answer = { kind: 'ok' }
  expect([await queue.drain(), queue.size]).toEqual([0, 0])
  expect(new Set(sent.map(({ batchId }) => batchId))).toEqual(new Set(['batch-id-1']))
})

it('gives up what the server will never take, tells how much with the next batch, and goes on', async () => {
  const { queue, sent } = rig(({ events }) => (events[0]?.n === 1 ? { kind: 'rejected' } : { kind: 'ok' }), {
    capacity: 10,
    batchSize: 1,
  })
  for (const n of [1, 2]) queue.add({ n })
  queue.pack()
  expect([await queue.drain(), sent.length, queue.size]).toEqual([0, 2, 0])
  queue.pack()
  await queue.drain()
  expect(sent.at(-1)).toEqual({ batchId: 'batch-id-3', events: [], dropped: 1 })
})

it('stops sending when the key was refused', async () => {
  const { queue, sent } = rig(() => ({ kind: 'refused' }), { capacity: 10, batchSize: 1 })
  for (const n of [1, 2, 3]) queue.add({ n })
  queue.pack()
  expect([await queue.drain(), sent.length, queue.size]).toEqual([0, 1, 0])
})

it('sends everything at once when it is the last chance, and counts nothing twice', async () => {
  const { queue, sent } = rig(() => ({ kind: 'ok' }), { capacity: 10, batchSize: 1 })
  for (const n of [1, 2, 3]) queue.add({ n })
  queue.pack()
  const both = [queue.drain(), queue.sendAll()]
  expect(sent.length).toBe(4)
  expect([await Promise.all(both), queue.size]).toEqual([[0, 0], 0])
  expect(new Set(sent.map(({ batchId }) => batchId)).size).toBe(3)
})

it('halves what is too large until it fits, and loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 10 }), async (count, most) => {
      const taken: Batch<Event>[] = []
      const { queue } = rig(batch => {
        if (batch.events.length > most) return { kind: 'rejected', instead: halveBatch(batch) }
        taken.push(batch)
        return { kind: 'ok' }
      })
      for (let n = 0; n < count; n++) queue.add({ n })
      queue.pack()
      await queue.drain()
      expect(taken.flatMap(({ events }) => events.map(({ n }) => n))).toEqual(
        Array.from({ length: count }, (_, n) => n),
      )
      expect(new Set(taken.map(({ batchId }) => batchId)).size).toBe(taken.length)
      expect(taken.every(({ dropped }) => dropped === 0)).toBe(true)
    }),
  )
})

it('never holds more than it may, and every event is sent, refused at the door, or counted as dropped', async () => {
  const adds = fc.array(fc.record({ spare: fc.boolean(), important: fc.boolean() }), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(adds, fc.integer({ min: 1, max: 20 }), async (list, capacity) => {
      const { queue, sent } = rig(() => ({ kind: 'ok' }), { capacity, batchSize: 7 })
      let refused = 0
      for (const [n, { spare, important }] of list.entries()) {
        if (!queue.add({ n, spare }, important ? makeRoom : undefined)) refused++
        expect(queue.size).toBeLessThanOrEqual(capacity)
      }
      queue.pack()
      await queue.drain()
      const dropped = sent.reduce((sum, batch) => sum + batch.dropped, 0)
      expect(sent.flatMap(({ events }) => events).length + dropped + refused).toBe(list.length)
    }),
  )
})
