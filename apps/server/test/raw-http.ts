import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'

/** A request as it goes over the wire: unlike with `fetch`, the path is sent as it stands. */
export interface RawRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Record<string, string>
  /** Without a `content-length` header it is sent in chunks. */
  readonly body?: string | Buffer
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Sends a request over a connection of its own. An answer counts even if the server then hangs up on the rest. */
export function ask(url: string, asked: RawRequest): Promise<RawAnswer> {
  const { method = 'GET', path, headers = {}, body } = asked
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path, headers, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('close', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() })
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}

/** Sends bytes that need not be HTTP at all, and gives everything that comes back until the server hangs up. */
export function askBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes))
    let text = ''
    socket.on('data', chunk => {
      text += chunk.toString()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}
