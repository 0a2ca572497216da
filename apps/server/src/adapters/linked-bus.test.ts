import { afterEach, describe, expect, it, vi } from 'vitest'
import { LinkedBus, type OpenLink } from './linked-bus.ts'

/** A server in memory whose connections the test can refuse, cut, or make deaf; and a time that passes on demand. */
function createWorld() {
  const pauses: { ms: number; pass: () => void }[] = []
  const world = { refuse: false, deaf: false, opened: 0, cut: () => undefined as unknown, pauses }
  const open: OpenLink = async (receive, signal) => {
    world.opened += 1
    if (world.refuse) throw new Error('connection refused')
    const lost = new Promise<void>(resolve => {
      world.cut = resolve
      signal.addEventListener('abort', () => resolve())
    })
    return {
      lost,
      send: async text => {
        if (!world.deaf) queueMicrotask(() => receive(text))
      },
    }
  }
  const wait = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      const pause = { ms, pass: resolve }
      pauses.push(pause)
      signal.addEventListener('abort', () => {
        if (pauses.includes(pause)) pauses.splice(pauses.indexOf(pause), 1)
        reject(signal.reason)
      })
    })
  return { world, open, wait }
}

const heartbeatMs = 10_000
const echoTimeoutMs = 5_000
const buses: LinkedBus[] = []
afterEach(() => Promise.all(buses.splice(0).map(bus => bus.close())))

function start(random = () => 0.5) {
  const { world, open, wait } = createWorld()
  const errors: string[] = []
  const create = () => {
    const bus = new LinkedBus(open, { random, wait, report: error => errors.push(String(error)) })
    buses.push(bus)
    return bus
  }
  /** Lets the time of the one pause of this length pass, once it is there. */
  const pass = async (ms: number) => {
    await vi.waitFor(() => expect(world.pauses.map(pause => pause.ms)).toContain(ms), { interval: 1 })
    const index = world.pauses.findIndex(pause => pause.ms === ms)
    world.pauses.splice(index, 1)[0]?.pass()
  }
  const becomes = (bus: LinkedBus, health: 'up' | 'down') =>
    vi.waitFor(() => expect(bus.health()).toBe(health), { interval: 1 })
  return { world, errors, create, pass, becomes }
}

describe('a bus over a connection', () => {
  it('waits longer after each failure, up to 5 s, and by chance', async () => {
    const { world, create, pass } = start()
    world.refuse = true
    create()
    // Half of 100, 200, 400 ... 5,000, because the random number is 0.5.
    for (const ms of [50, 100, 200, 400, 800, 1_600, 2_500, 2_500]) await pass(ms)
    await vi.waitFor(() => expect(world.opened).toBe(9))
  })

  it('reports an absence once, however long it lasts', async () => {
    const { world, errors, create, pass, becomes } = start()
    world.refuse = true
    const bus = create()
    for (const ms of [50, 100, 200]) await pass(ms)
    await vi.waitFor(() => expect(world.opened).toBe(4))
    expect(errors).toEqual(['Error: connection refused'])
    world.refuse = false
    await pass(400)
    await becomes(bus, 'up')
    world.cut()
    await becomes(bus, 'down')
    expect(errors).toEqual(['Error: connection refused', 'Error: The connection of the bus was lost'])
  })

  it('keeps its long pauses while connections break at once, and forgets them after a heartbeat', async () => {
    const { world, create, pass, becomes } = start()
    const bus = create()
    for (const ms of [50, 100, 200]) {
      await becomes(bus, 'up')
      world.cut()
      await pass(ms)
    }
    await becomes(bus, 'up')
    await pass(heartbeatMs)
    await vi.waitFor(() => expect(world.pauses.map(({ ms }) => ms)).toEqual([heartbeatMs]), { interval: 1 })
    world.cut()
    await pass(50)
    await becomes(bus, 'up')
  })

  it('leaves a connection over which nothing comes back, and tells of the gap after the next', async () => {
    const { world, errors, create, pass, becomes } = start()
    const bus = create()
    const gap = vi.fn()
    bus.onGap(gap)
    await becomes(bus, 'up')
    world.deaf = true
    await pass(heartbeatMs)
    await pass(echoTimeoutMs)
    await becomes(bus, 'down')
    expect(errors).toEqual([expect.stringMatching(/do not come back/)])
    expect(gap).not.toHaveBeenCalled()
    world.deaf = false
    await pass(50)
    await becomes(bus, 'up')
    expect(gap).toHaveBeenCalledTimes(1)
  })

  it('does not call itself up over a pooler that swallows subscriptions', async () => {
    const { world, errors, create, pass } = start()
    world.deaf = true
    const bus = create()
    await pass(echoTimeoutMs)
    await vi.waitFor(() => expect(errors).toEqual([expect.stringMatching(/pooler/)]))
    expect(bus.health()).toBe('down')
    await expect(bus.publish('changes', 'one')).rejects.toThrow(/down/)
  })

  it('leaves no timer behind when it is closed', async () => {
    const { world, create, becomes } = start()
    const bus = create()
    await becomes(bus, 'up')
    await bus.close()
    expect(world.pauses).toEqual([])
  })
})
