import type { Bus } from '../ports/bus.ts'

/** A bus for one node: messages go to this process's own subscribers, in order, and none is lost. */
export function createMemoryBus(): Bus {
  const channels = new Map<string, Set<(message: string) => void>>()
  return {
    publish: async (channel, message) => {
      for (const handler of channels.get(channel) ?? []) handler(message)
    },
    subscribe: async (channel, handler) => {
      const handlers = channels.get(channel) ?? new Set()
      channels.set(channel, handlers)
      handlers.add(handler)
      return async () => {
        handlers.delete(handler)
      }
    },
    onGap: () => () => undefined,
    health: () => 'up',
    close: async () => channels.clear(),
  }
}
