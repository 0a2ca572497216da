import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can fall silent, as a network that swallows packets does: nothing is refused or closed. */
export interface FreezingProxy {
  /** The server's URL through the proxy. */
  readonly url: string
  freeze(): void
  thaw(): void
  /** Breaks what is open and refuses what comes, until `thaw`. */
  cut(): void
  close(): Promise<void>
}

/** Stands before a server that listens on an address, or before a PostgreSQL on a unix socket. */
export async function startFreezingProxy(serverUrl: string): Promise<FreezingProxy> {
  const target = new URL(serverUrl)
  const host = decodeURIComponent(target.hostname)
  const port = Number(target.port)
  const open = new Set<Socket>()
  let state: 'open' | 'frozen' | 'cut' = 'open'
  const server = createServer(near => {
    if (state === 'cut') {
      near.destroy()
      return
    }
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
      if (state === 'frozen') socket.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url: serverUrl.endsWith('/') ? url.href : url.href.replace(/\/$/, ''),
    freeze: () => {
      state = 'frozen'
      for (const socket of open) socket.pause()
    },
    thaw: () => {
      state = 'open'
      for (const socket of open) socket.resume()
    },
    cut: () => {
      state = 'cut'
      for (const socket of open) socket.destroy()
    },
    close: async () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
