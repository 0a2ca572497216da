import type { Bus } from '../ports/bus.ts'
import { BusListeners, type ReportError, warn } from './bus-listeners.ts'

/** A bus for a single node: messages go to this process's own subscribers, and none is lost. */
export function createMemoryBus({ report = warn }: { readonly report?: ReportError } = {}): Bus {
  const listeners = new BusListeners(report)
  let closed = false
  const assertOpen = () => {
    if (closed) throw new Error('The bus is closed')
  }
  return {
    publish: async (channel, message) => {
      assertOpen()
      queueMicrotask(() => listeners.deliver(channel, message))
    },
    subscribe: async (channel, handler) => {
      assertOpen()
      const remove = listeners.add(channel, handler)
      return async () => remove()
    },
    onGap: handler => listeners.addGap(handler),
    health: () => (closed ? 'down' : 'up'),
    close: async () => {
      closed = true
      listeners.clear()
    },
  }
}
