import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'

export interface Serving {
  /** E.g. "http://127.0.0.1:4500". */
  readonly url: string
  readonly port: number
  /** Stops listening and ends every connection. Calling it again does no harm. */
  close(): Promise<void>
}

const isAddressInfo = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Starts an app. Port 0 takes any free one; the host is loopback unless told otherwise. Rejects if it cannot listen. */
export function serve(app: Express, options: { port?: number; host?: string } = {}): Promise<Serving> {
  const host = options.host ?? '127.0.0.1'
  return new Promise((resolve, reject) => {
    const server = app.listen(options.port ?? 0, host, error => {
      const address = server.address()
      if (error) return reject(error)
      if (!isAddressInfo(address)) return reject(new Error('The server has no port'))
      const close = () => closeServer(server)
      resolve({ url: `http://${host}:${address.port}`, port: address.port, close })
    })
  })
}
