import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOutgoing } from '../../src/adapters/guarded-outgoing.ts'
import { openPrometheus } from '../../src/adapters/prometheus.ts'
import { tellSinks } from '../../src/features/sinks/index.ts'
import { createSealer } from '../../src/kernel/seal.ts'
import { OutgoingError } from '../../src/ports/outgoing.ts'
import { codeOf } from '../refusals.ts'
import { SAMPLE, startTestServer, type TestServer } from '../test-server.ts'

/** Would end a header and begin another one, or another request. */
const INJECTED = '\r\nX-Injected: 1\r\n\r\nGET /injected HTTP/1.1\r\nHost: elsewhere\r\n'
const LINE_ENDS = ['\r\n', '\n', '\r', '\u2028', '%0d%0a'] as const
const sealer = createSealer('a secret of these tests and no others')
const outgoing = createOutgoing({ allowed: 'all' })

/** What came over each connection. */
let received: string[] = []
let receiver: Server
let address: string
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ sealer: { with: sealer } })
  // Not an HTTP server: what arrives is looked at as bytes.
  receiver = createServer(socket => {
    let text = ''
    const at = received.push(text) - 1
    socket.on('data', bytes => {
      text += bytes.toString('latin1')
      received[at] = text
      if (!isWhole(text)) return
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
    })
  })
  await new Promise<void>(done => receiver.listen(0, '127.0.0.1', done))
  const at = receiver.address()
  address = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`
})
afterAll(async () => {
  await server.stop()
  receiver.close()
})
beforeEach(() => {
  received = []
})

const partsOf = (text: string): readonly [head: string, body: string] => {
  const end = text.indexOf('\r\n\r\n')
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)]
}

/** As long as its headers say: what is longer would be another request. */
function isWhole(text: string): boolean {
  const [head, body] = partsOf(text)
  return head !== text && body.length === Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
}

/** Each connection brought one request, with these headers and no others, in the order of the lists. */
function expectRequests(...headers: readonly (readonly string[])[]): void {
  expect(received.map(isWhole)).toEqual(headers.map(() => true))
  const names = received.map(text => {
    const [request = '', ...lines] = partsOf(text)[0].split('\r\n')
    expect(request).toMatch(/^(GET|POST) \/\S* HTTP\/1\.1$/)
    return lines.map(line => line.split(':')[0]?.toLowerCase()).sort()
  })
  expect(names).toEqual(headers.map(list => [...list, 'connection', 'host'].sort()))
}

describe('a request to another server', () => {
  it.each(LINE_ENDS.slice(0, 4))('is not sent with %j in a header, and nothing connects', async end => {
    for (const headers of [{ authorization: `Bearer a${end}X-Injected: 1` }, { [`x-a${end}X-Injected`]: '1' }]) {
      const error = await outgoing.send({ url: address, headers }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(OutgoingError)
      expect(error).toMatchObject({ code: 'invalid-header' })
      expect(String(error)).not.toContain('X-Injected')
    }
    expect(received).toEqual([])
  })

  it('with line ends in its address asks for a path and nothing else', async () => {
    for (const end of LINE_ENDS) {
      received = []
      await outgoing.send({ url: `${address}/a${end}X-Injected: 1` })
      expectRequests([])
    }
  })
})

describe('a connection', () => {
  const create = (kind: string, change: { settings?: unknown; secret?: string }) =>
    server.admin.createConnection(SAMPLE.project, SAMPLE.environment, {
      key: 'hostile',
      name: 'Hostile',
      kind,
      settings: { url: `${address}/hook` },
      secret: 'write-key-1234',
      ...change,
    } as Parameters<TestServer['admin']['createConnection']>[2])

  it.each(['webhook', 'mixpanel', 'amplitude', 'prometheus'])(
    '%s takes no secret with a line end in it',
    async kind => {
      for (const end of LINE_ENDS.slice(0, 4)) {
        expect(await codeOf(create(kind, { secret: `write-key${end}X-Injected: 1` }))).toBe('invalid-request')
      }
    },
  )

  it.each(['webhook', 'mixpanel', 'amplitude'] as const)(
    '%s tells of hostile units and to a hostile path in the body and the path',
    async kind => {
      await create(kind, { settings: { url: `${address}/hook%0d%0aX-Injected:%201`, units: ['account'] } })
      const answer = await fetch(`${server.url}/sdk/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await server.newKey()}` },
        body: JSON.stringify({
          batchId: `hostile-${kind}`,
          sentAt: Date.now(),
          firstExposures: [
            {
              flag: 'new-pdf-engine',
              flagVersion: 1,
              variant: `on${INJECTED}`,
              unit: 'account',
              unitId: `acc-${kind}${INJECTED}`,
              rule: 'canary',
              heldOutBy: null,
              at: Date.now(),
            },
          ],
        }),
      })
      expect(answer.status).toBe(202)
      await tellSinks({ db: server.db, clock: { now: () => Date.now() }, sealer, outgoing })
      await server.admin.deleteConnection(SAMPLE.project, SAMPLE.environment, 'hostile')
      const json = ['content-type', 'content-length']
      const sent = {
        webhook: [[...json, 'authorization', 'dimmer-signature', 'dimmer-timestamp']],
        mixpanel: [
          [...json, 'accept'],
          [...json, 'accept', 'authorization'],
        ],
        amplitude: [[...json, 'accept']],
      }
      expectRequests(...sent[kind])
    },
  )

  it('to a Prometheus carries a query as a part of the address', async () => {
    const source = openPrometheus(outgoing, { url: address, token: 'a-token' })
    await source.numberAt(`up${INJECTED}`, 0).catch(() => undefined)
    expectRequests(['accept', 'authorization'])
  })
})
