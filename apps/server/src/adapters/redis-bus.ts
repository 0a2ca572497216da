import { Redis } from 'ioredis'
import type { Bus } from '../ports/bus.ts'
import { LinkedBus, type LinkedBusOptions } from './linked-bus.ts'

/** Where Redis is. Two installations on one Redis need different namespaces: its numbered databases share channels. */
export interface RedisBusOptions extends LinkedBusOptions {
  readonly url: string
  readonly namespace?: string
}

const timeoutMs = 5_000

/** A bus over Redis publish and subscribe, on two connections: one that is subscribed can do nothing else. */
export function createRedisBus({ url, namespace = 'dimmer', ...options }: RedisBusOptions): Bus {
  const channel = `${namespace}:bus`
  return new LinkedBus(async (receive, signal) => {
    const subscriber = connection(url, signal)
    const publisher = connection(url, signal)
    const lost = Promise.race([ended(subscriber), ended(publisher)])
    subscriber.on('message', (_channel, text) => receive(text))
    await Promise.all([subscriber.connect(), publisher.connect()])
    await subscriber.subscribe(channel)
    return { lost, send: async text => void (await publisher.publish(channel, text)) }
  }, options)
}

const ended = (redis: Redis): Promise<void> => new Promise(resolve => redis.once('end', () => resolve()))

function connection(url: string, signal: AbortSignal): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    connectTimeout: timeoutMs,
    connectionName: 'dimmer-bus',
    // The bus reconnects by itself, both connections together.
    retryStrategy: () => null,
  })
  // The calls that fail say why; without a listener ioredis would print it as well.
  redis.on('error', () => undefined)
  signal.addEventListener('abort', () => redis.disconnect())
  return redis
}
