import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { Ruleset } from '@dimmer/engine'
import type { EventBatch, StreamHello } from '@dimmer/protocol'

export interface RulesetServer {
  readonly url: string
  /** What SDKs have reported so far. */
  readonly batches: readonly EventBatch[]
  /** Sends a new ruleset down every open stream. */
  publish(ruleset: Ruleset): void
  close(): Promise<void>
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  return JSON.parse((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString())
}

const put = (ruleset: Ruleset) => `id: ${ruleset.version}\nevent: put\ndata: ${JSON.stringify(ruleset)}\n\n`

function openStream(response: ServerResponse, ruleset: Ruleset): void {
  const hello: StreamHello = { receiptDelayMs: 0, heartbeatMs: 30_000 }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(`id: ${ruleset.version}\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n${put(ruleset)}`)
}

/** The part of a Dimmer server that an SDK needs, with one ruleset and no store: for tests of the example alone. */
export async function startRulesetServer(first: Ruleset): Promise<RulesetServer> {
  const batches: EventBatch[] = []
  const streams = new Set<ServerResponse>()
  let ruleset = first
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/sdk/v1/stream') {
      streams.add(response)
      openStream(response, ruleset)
      return
    }
    if (request.url === '/sdk/v1/events') {
      batches.push((await readJson(request)) as EventBatch)
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":true,"duplicate":false}')
      return
    }
    request.resume()
    if (request.url === '/sdk/v1/ruleset') response.end(JSON.stringify(ruleset))
    else response.writeHead(204).end()
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    batches,
    publish(next) {
      ruleset = next
      for (const stream of streams) stream.write(put(next))
    },
    close() {
      return new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}
