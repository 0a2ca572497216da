import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReportError } from '../src/adapters/bus-listeners.ts'
import type { Bus } from '../src/ports/bus.ts'

/** Each call is another node; what subscribers throw and connection trouble go to `report`. */
export type OpenNode = (report: ReportError) => Bus

/** The server that the nodes meet on. */
export interface BusServer {
  kill(): Promise<void>
  start(): Promise<void>
}

const soon = { timeout: 15_000 }

function useNodes(openNode: OpenNode) {
  const opened: Bus[] = []
  const errors: unknown[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(node => node.close()))
    errors.length = 0
  })
  const open = () => {
    const node = openNode(error => errors.push(error))
    opened.push(node)
    return node
  }
  return { open, errors }
}

async function collect(node: Bus, channel: string) {
  const messages: string[] = []
  const stop = await node.subscribe(channel, message => void messages.push(message))
  return { messages, stop }
}

/** What every bus must do, over the real thing. */
export function describeBus(name: string, openNode: OpenNode): void {
  describe(name, () => {
    const { open, errors } = useNodes(openNode)
    let bus: Bus

    beforeEach(() => {
      bus = open()
    })

    it('brings a message to every subscriber of its channel, the publisher included, and to no other', async () => {
      const [first, second, other] = await Promise.all([
        collect(bus, 'changes'),
        collect(bus, 'changes'),
        collect(bus, 'changes-of-others'),
      ])
      await bus.publish('changes', 'one')
      await expect.poll(() => [first.messages, second.messages], soon).toEqual([['one'], ['one']])
      await bus.publish('changes-of-others', 'two')
      await expect.poll(() => other.messages, soon).toEqual(['two'])
      expect(first.messages).toEqual(['one'])
    })

    it('never calls a subscriber inside publish', async () => {
      const { messages } = await collect(bus, 'changes')
      const publishing = bus.publish('changes', 'one')
      expect(messages).toEqual([])
      await publishing
      await expect.poll(() => messages, soon).toEqual(['one'])
    })

    it('keeps the order of one publisher, without loss, while nothing breaks', async () => {
      const { messages } = await collect(bus, 'changes')
      const sent = Array.from({ length: 500 }, (_, index) => String(index))
      await Promise.all(sent.map(message => bus.publish('changes', message)))
      await expect.poll(() => messages.length, soon).toBe(sent.length)
      expect(messages).toEqual(sent)
    })

    it.each([
      ['empty', ''],
      ['with line ends and quotes', 'a\nb\r\n\'c\' "d" \\ $1 \u2028'],
      ['of 200,000 letters', 'x'.repeat(200_000)],
      ['of letters of one to four bytes, far beyond one notification', 'aé€😀'.repeat(20_000)],
      ['of exactly the limit of a notification', 'x'.repeat(8_000)],
    ])('carries a message %s unchanged', async (_name, message) => {
      const { messages } = await collect(bus, 'changes')
      await bus.publish('changes', message)
      await bus.publish('changes', 'after')
      await expect.poll(() => messages.length, soon).toBe(2)
      expect(messages[0] === message).toBe(true)
      expect(messages[1]).toBe('after')
    })

    it('brings nothing more once the subscription is ended, and leaves the others', async () => {
      const [ended, kept] = [await collect(bus, 'changes'), await collect(bus, 'changes')]
      await ended.stop()
      await ended.stop()
      await bus.publish('changes', 'one')
      await expect.poll(() => kept.messages, soon).toEqual(['one'])
      expect(ended.messages).toEqual([])
    })

    it('reports a subscriber that throws, and serves the others', async () => {
      await bus.subscribe('changes', () => {
        throw new Error('broken subscriber')
      })
      const { messages } = await collect(bus, 'changes')
      await bus.publish('changes', 'one')
      await expect.poll(() => messages, soon).toEqual(['one'])
      expect(errors).toEqual([new Error('broken subscriber')])
    })

    it('is up, and rejects after it was closed', async () => {
      await bus.subscribe('changes', () => undefined)
      expect(bus.health()).toBe('up')
      await bus.close()
      await bus.close()
      expect(bus.health()).toBe('down')
      await expect(bus.publish('changes', 'one')).rejects.toThrow(/closed/)
      await expect(bus.subscribe('changes', () => undefined)).rejects.toThrow(/closed/)
    })

    it('tells of no gap while there is none', async () => {
      const gap = vi.fn()
      bus.onGap(gap)
      await bus.subscribe('changes', () => undefined)
      await bus.publish('changes', 'one')
      expect(gap).not.toHaveBeenCalled()
    })
  })
}

/** What a bus over a server must do beyond that: several nodes, and a server that goes away and comes back. */
export function describeServerBus(name: string, openNode: OpenNode, server: BusServer): void {
  describeBus(name, openNode)

  describe(`${name} between nodes`, () => {
    const { open, errors } = useNodes(openNode)

    it('brings messages to all nodes, each publisher in its order', async () => {
      const nodes = [open(), open(), open()]
      const heard = await Promise.all(nodes.map(node => collect(node, 'changes')))
      const numbers = Array.from({ length: 100 }, (_, index) => index)
      await Promise.all(
        nodes.flatMap((node, from) => numbers.map(number => node.publish('changes', `${from} ${number}`))),
      )
      for (const { messages } of heard) {
        await expect.poll(() => messages.length, soon).toBe(300)
        for (const from of nodes.keys()) {
          expect(messages.filter(message => message.startsWith(`${from} `))).toEqual(numbers.map(n => `${from} ${n}`))
        }
      }
    })

    it('goes down when the server is killed, and comes back with a gap and all subscriptions', async () => {
      const [publisher, listener] = [open(), open()]
      const before = await collect(listener, 'changes')
      const gap = vi.fn()
      const takenOff = vi.fn()
      listener.onGap(gap)
      listener.onGap(takenOff)()
      await publisher.publish('changes', 'one')
      await expect.poll(() => before.messages, soon).toEqual(['one'])

      await server.kill()
      await expect.poll(() => [publisher.health(), listener.health()], soon).toEqual(['down', 'down'])
      await expect(publisher.publish('changes', 'lost')).rejects.toThrow(/down/)
      const during = await collect(listener, 'changes')
      expect(gap).not.toHaveBeenCalled()

      await server.start()
      await expect.poll(() => [publisher.health(), listener.health()], soon).toEqual(['up', 'up'])
      expect(gap).toHaveBeenCalledTimes(1)
      expect(takenOff).not.toHaveBeenCalled()
      await publisher.publish('changes', 'two')
      await expect.poll(() => [before.messages, during.messages], soon).toEqual([['one', 'two'], ['two']])
      expect(errors).toHaveLength(2)
    })

    it('may be opened before its server is there', async () => {
      await server.kill()
      const bus = open()
      const gap = vi.fn()
      bus.onGap(gap)
      const { messages } = await collect(bus, 'changes')
      expect(bus.health()).toBe('down')
      await server.start()
      await expect.poll(() => gap.mock.calls.length, soon).toBe(1)
      await bus.publish('changes', 'one')
      await expect.poll(() => messages, soon).toEqual(['one'])
    })

    it('closes while it looks for its server, and leaves nothing running', async () => {
      await server.kill()
      const bus = open()
      await bus.subscribe('changes', () => undefined)
      await bus.close()
      expect(bus.health()).toBe('down')
      await server.start()
    })
  })
}
