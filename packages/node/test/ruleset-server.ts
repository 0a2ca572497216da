import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { diffRulesets, type Ruleset } from '@dimmer/engine'
import { type EventBatch, type EventsAnswer, eventBatchSchema, type Receipt, receiptSchema } from '@dimmer/protocol'

export const SDK_KEY = 'dmr_server_test'

interface Refusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A small server that speaks the SDK protocol, with the ways to fail that real ones have. What clients send is checked
 * against the wire schemas.
 */
export class RulesetServer {
  ruleset: Ruleset
  receiptDelayMs = 0
  heartbeatMs = 15_000
  /** Refuses these requests with a status; 0: no answer at all. */
  readonly refuse: { stream?: Refusal; ruleset?: Refusal; events?: Refusal; receipts?: Refusal } = {}
  /** Takes the next so many batches and then breaks the connection in place of an answer. */
  loseAnswers = 0
  /** Batches with more tracks are too large. */
  mostTracks = 1_000
  helloHasId = true
  /** On connect sends the hello only. */
  silentAfterHello = false
  /** Long lists by their hash, and which were asked for. */
  readonly lists = new Map<string, readonly string[]>()
  readonly listRequests: string[] = []
  readonly streamRequests: IncomingHttpHeaders[] = []
  readonly polls: IncomingHttpHeaders[] = []
  readonly batches: EventBatch[] = []
  /** How each batch was encoded. */
  readonly encodings: (string | undefined)[] = []
  /** Events that it says it didn't take. */
  refused: EventsAnswer['refused']
  /** Takes nothing compressed. */
  plainOnly = false
  readonly receipts: Receipt[] = []
  readonly problems: string[] = []
  #server: Server | undefined
  #port = 0
  readonly #streams = new Set<ServerResponse>()

  constructor(ruleset: Ruleset) {
    this.ruleset = ruleset
  }

  static async start(ruleset: Ruleset): Promise<RulesetServer> {
    const server = new RulesetServer(ruleset)
    await server.listen()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get openStreams(): number {
    return this.#streams.size
  }

  /** How many sockets are open on the server's side. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server?.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
    })
  }

  /** Batches that count: each id once. */
  get accepted(): EventBatch[] {
    return [...new Map(this.batches.map(batch => [batch.batchId, batch])).values()]
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response))
    this.#server = server
    await new Promise<void>(resolve => server.listen(this.#port, '127.0.0.1', resolve))
    const address = server.address() as AddressInfo
    this.#port = address.port
  }

  /** As when the process is killed: every connection breaks, and the port is closed. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise(resolve => server.close(resolve))
    this.breakStreams()
    server.closeAllConnections()
    await closed
  }

  /** Makes a version current and sends the patch to all streams. */
  publish(ruleset: Ruleset): void {
    const patch = diffRulesets(this.ruleset, ruleset)
    this.ruleset = ruleset
    this.send('patch', patch, ruleset.version)
  }

  send(event: string, data: unknown, id: number): void {
    for (const stream of this.#streams) write(stream, event, data, id)
  }

  heartbeat(): void {
    for (const stream of this.#streams) stream.write(':\n\n')
  }

  /** Ends the streams in good order. */
  endStreams(): void {
    for (const stream of this.#streams) stream.end()
    this.#streams.clear()
  }

  breakStreams(): void {
    for (const stream of this.#streams) stream.destroy()
    this.#streams.clear()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== `Bearer ${SDK_KEY}`) return refuse(response, { status: 401 })
    if (request.headers['x-dimmer-instance'] === undefined) this.problems.push('no instance header')
    switch (request.url) {
      case '/sdk/v1/stream':
        return this.#stream(request, response)
      case '/sdk/v1/ruleset':
        return this.#poll(request, response)
      case '/sdk/v1/events':
        return this.#events(request, response)
      case '/sdk/v1/receipts':
        return this.#receipt(request, response)
      default:
        this.#list(request.url ?? '', response)
    }
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    this.streamRequests.push(request.headers)
    if (this.refuse.stream) refuse(response, this.refuse.stream)
    else this.#openStream(request, response)
  }

  #openStream(request: IncomingMessage, response: ServerResponse): void {
    const { version } = this.ruleset
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const hello = { receiptDelayMs: this.receiptDelayMs, heartbeatMs: this.heartbeatMs }
    write(response, 'hello', hello, this.helloHasId ? version : undefined)
    if (request.headers['last-event-id'] !== String(version) && !this.silentAfterHello) {
      write(response, 'put', this.ruleset, version)
    }
    this.#streams.add(response)
    response.on('close', () => this.#streams.delete(response))
  }

  #list(url: string, response: ServerResponse): void {
    const hash = url.replace('/sdk/v1/lists/', '')
    const ids = this.lists.get(hash)
    this.listRequests.push(hash)
    if (ids === undefined) refuse(response, { status: 404 })
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ids))
  }

  #poll(request: IncomingMessage, response: ServerResponse): void {
    this.polls.push(request.headers)
    const etag = `"${this.ruleset.version}"`
    if (this.refuse.ruleset) refuse(response, this.refuse.ruleset)
    else if (request.headers['if-none-match'] === etag) refuse(response, { status: 304 })
    else {
      response.writeHead(200, { 'content-type': 'application/json', etag })
      response.end(JSON.stringify(this.ruleset))
    }
  }

  async #events(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const encoding = request.headers['content-encoding']
    this.encodings.push(encoding)
    if (encoding !== undefined && this.plainOnly) return refuse(response, { status: 415 })
    const parsed = eventBatchSchema.safeParse(JSON.parse(await bodyOf(request)))
    if (!parsed.success) {
      this.problems.push(parsed.error.message)
      return refuse(response, { status: 400 })
    }
    if (this.refuse.events) return refuse(response, this.refuse.events)
    if (parsed.data.tracks.length > this.mostTracks) return refuse(response, { status: 413 })
    const duplicate = this.batches.some(batch => batch.batchId === parsed.data.batchId)
    this.batches.push(parsed.data)
    if (this.loseAnswers > 0) {
      this.loseAnswers--
      response.destroy()
      return
    }
    response.writeHead(202, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ accepted: true, duplicate, refused: this.refused }))
  }

  async #receipt(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.refuse.receipts) return refuse(response, this.refuse.receipts)
    this.receipts.push(receiptSchema.parse(JSON.parse(await bodyOf(request))))
    refuse(response, { status: 204 })
  }
}

function write(stream: ServerResponse, event: string, data: unknown, id: number | undefined): void {
  const idLine = id === undefined ? '' : `id: ${id}\n`
  stream.write(`${idLine}event: ${event}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
}

function refuse(response: ServerResponse, { status, headers = {} }: Refusal): void {
  if (status === 0) return
  response.writeHead(status, headers)
  response.end()
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
}
