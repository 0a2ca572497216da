import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'

/** Where a server listens: the folder of its unix socket, or a loopback address; and a port in both cases. */
export type Endpoint = { readonly host: string; readonly port: number }

/** What `pg` needs to connect. `ssl` is fixed, because `pg` would take it from the environment otherwise. */
export type Connection = Endpoint & {
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl: false
}

const defaultPort = 5432
// Systems allow 104 to 108 bytes for a socket's path.
const longestSocketPath = 100

/** A unix socket inside the directory, or a free loopback port when its path would be too long for a socket. */
export async function chooseEndpoint(directory: string): Promise<Endpoint> {
  const socket = join(directory, `.s.PGSQL.${defaultPort}`)
  if (Buffer.byteLength(socket) < longestSocketPath) return { host: directory, port: defaultPort }
  return { host: '127.0.0.1', port: await freePort() }
}

/** A TCP port of the loopback interface that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** The connection as a URL, for tools that want one. */
export function connectionUrl({ host, port, user, password, database }: Connection): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/${database}`
}

/** Whether the server takes this password and runs a query within the time. */
export async function answers(connection: Connection, timeoutMs: number): Promise<boolean> {
  const client = new Client({ ...connection, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs })
  // Losing the connection while we ask is an answer too: the query below then fails.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
