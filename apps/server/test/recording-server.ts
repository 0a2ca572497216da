import { createServer, type IncomingHttpHeaders } from 'node:http'

export interface Call {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface CannedAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A server in the place of somebody else's: it keeps what it is sent, and answers as a test says. */
export interface RecordingServer {
  readonly url: string
  readonly calls: readonly Call[]
  answer(how: (call: Call) => CannedAnswer): void
  close(): Promise<void>
}

export async function startRecordingServer(): Promise<RecordingServer> {
  const calls: Call[] = []
  let how = (_call: Call): CannedAnswer => ({ status: 200, body: {} })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const call = { path: request.url ?? '', headers: request.headers, text: Buffer.concat(chunks).toString() }
      calls.push(call)
      const { status, body, headers = {} } = how(call)
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer: next => {
      how = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
