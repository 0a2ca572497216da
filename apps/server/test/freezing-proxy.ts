import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can fall silent, as a network that swallows packets does: nothing is refused or closed. */
export interface FreezingProxy {
  /** The database's URL through the proxy. */
  readonly url: string
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Stands before a PostgreSQL that listens on a unix socket or an address. */
export async function startFreezingProxy(databaseUrl: string): Promise<FreezingProxy> {
  const target = new URL(databaseUrl)
  const host = decodeURIComponent(target.hostname)
  const port = Number(target.port)
  const open = new Set<Socket>()
  let frozen = false
  const server = createServer(near => {
    const far = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
      if (frozen) socket.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url: url.href,
    freeze: () => {
      frozen = true
      for (const socket of open) socket.pause()
    },
    thaw: () => {
      frozen = false
      for (const socket of open) socket.resume()
    },
    close: async () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
