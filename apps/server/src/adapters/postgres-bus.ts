import { Socket } from 'node:net'
import { Client, type ClientConfig } from 'pg'
import type { Bus } from '../ports/bus.ts'
import { type Link, LinkedBus, type LinkedBusOptions } from './linked-bus.ts'
import { fromNotifications, toNotifications } from './notify-chunks.ts'

/** Where to connect: directly, or through a pooler in session mode; LISTEN does not survive transaction pooling. */
export interface PostgresBusOptions extends LinkedBusOptions {
  readonly connection: ClientConfig
}

const channel = 'dimmer_bus'
const notify = 'select pg_notify($1, part) from unnest($2::text[]) part'
const timeoutMs = 5_000

/**
 * A bus over PostgreSQL's LISTEN and NOTIFY, on one connection of its own. All nodes of one database hear each other.
 * A message too long for one notification travels as several in one transaction.
 */
export function createPostgresBus({ connection, ...options }: PostgresBusOptions): Bus {
  return new LinkedBus((receive, signal) => openLink(connection, receive, signal), options)
}

async function openLink(connection: ClientConfig, receive: (text: string) => void, signal: AbortSignal): Promise<Link> {
  const socket = new Socket()
  signal.addEventListener('abort', () => socket.destroy())
  const client = new Client({
    ...connection,
    application_name: 'dimmer bus',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    stream: () => socket,
  })
  const lost = new Promise<void>(resolve => {
    client.on('end', resolve)
    // Without a listener a broken connection would end the process.
    client.on('error', () => resolve())
  })
  const assemble = fromNotifications(receive)
  client.on('notification', ({ payload }) => payload !== undefined && assemble(payload))
  await client.connect()
  await client.query(`listen ${channel}`)
  let last: Promise<unknown> = Promise.resolve()
  return {
    lost,
    // One after the other: `pg` will no longer queue queries for us.
    send: async text => {
      const sent = last.then(() => client.query(notify, [channel, toNotifications(text)]))
      last = sent.catch(() => undefined)
      await sent
    },
  }
}
