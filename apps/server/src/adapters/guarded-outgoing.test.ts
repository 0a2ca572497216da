import type { LookupAddress } from 'node:dns'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { OutgoingError } from '../ports/outgoing.ts'
import { createOutgoing } from './guarded-outgoing.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  }
})

/** A real server on this machine; counts what reaches it. */
async function serve(answer: RequestListener): Promise<{ port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, seen }
}

const hello: RequestListener = (_request, response) => response.end('hello')
const closed = createOutgoing({ allowed: [] })
const open = createOutgoing({ allowed: ['127.0.0.1'] })
const names = (table: Record<string, string | readonly string[]>) => ({
  resolve: (host: string, _options: unknown, done: (error: null, addresses: LookupAddress[]) => void) => {
    const found = table[host] ?? []
    const list = typeof found === 'string' ? [found] : found
    done(
      null,
      list.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  },
})

const codeOf = async (sent: Promise<unknown>) => {
  const error = await sent.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof OutgoingError ? error.code : error
}

describe('without an allowance', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://localhost:PORT/',
    'http://0.0.0.0:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
  ])('nothing is sent to %s', async address => {
    const { port, seen } = await serve(hello)
    expect(await codeOf(closed.send({ url: address.replace('PORT', String(port)) }))).toBe('not-allowed')
    expect(seen).toHaveLength(0)
  })

  it('a name that leads to a private address is refused, also if a public one stands beside it', async () => {
    const { port, seen } = await serve(hello)
    const outgoing = createOutgoing({
      allowed: [],
      ...names({ 'one.example': '127.0.0.1', 'two.example': ['8.8.8.8', '127.0.0.1'] }),
    })
    expect(await codeOf(outgoing.send({ url: `http://one.example:${port}/` }))).toBe('not-allowed')
    expect(await codeOf(outgoing.send({ url: `http://two.example:${port}/` }))).toBe('not-allowed')
    expect(seen).toHaveLength(0)
  })

  it('a redirect inwards is not followed', async () => {
    const inner = await serve(hello)
    const outer = await serve((_request, response) => {
      response.writeHead(302, { location: `http://localhost:${inner.port}/` }).end()
    })
    const outgoing = createOutgoing({
      allowed: ['public.example'],
      ...names({ 'public.example': '127.0.0.1', localhost: '127.0.0.1' }),
    })
    expect(await codeOf(outgoing.send({ url: `http://public.example:${outer.port}/` }))).toBe('not-allowed')
    expect([outer.seen.length, inner.seen.length]).toEqual([1, 0])
  })
})

it('connects to the address that was checked: a name is resolved once for each connection', async () => {
  const { port } = await serve(hello)
  let asked = 0
  const outgoing = createOutgoing({
    allowed: ['127.0.0.1'],
    resolve: (_host, _options, done) => {
      asked++
      done(null, [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }])
    },
  })
  expect(await outgoing.send({ url: `http://rebind.example:${port}/` })).toMatchObject({ status: 200, text: 'hello' })
  expect(asked).toBe(1)
})

it('an allowance opens one address, a name or everything', async () => {
  const { port } = await serve(hello)
  expect((await open.send({ url: `http://127.0.0.1:${port}/` })).text).toBe('hello')
  const byName = createOutgoing({ allowed: ['tickets.internal'], ...names({ 'tickets.internal': '127.0.0.1' }) })
  expect((await byName.send({ url: `http://tickets.internal:${port}/` })).text).toBe('hello')
  expect((await createOutgoing({ allowed: 'all' }).send({ url: `http://localhost:${port}/` })).text).toBe('hello')
})

it('sends method, headers and body, and gives whatever is answered', async () => {
  const { port, seen } = await serve((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => response.writeHead(418, { 'x-was': body }).end('tea'))
  })
  const url = `http://127.0.0.1:${port}/hook`
  const answer = await open.send({ url, method: 'POST', headers: { authorization: 'Bearer x' }, body: '{"ä":1}' })
  expect(answer).toMatchObject({ status: 418, text: 'tea' })
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/hook', headers: { authorization: 'Bearer x' } })
})

it.each(['ftp://example.com/', 'file:///etc/passwd', 'http://user:secret@example.com/', 'nonsense'])(
  'refuses %s',
  async url => {
    expect(await codeOf(closed.send({ url }))).toBe('invalid-url')
  },
)

it('follows three redirects of a GET, without secrets to another server, and none of a POST', async () => {
  const last = await serve(hello)
  const hop =
    (left: number): RequestListener =>
    (request, response) => {
      const n = Number(request.url?.slice(1) || left)
      const location = n === 0 ? `http://127.0.0.1:${last.port}/` : `/${n - 1}`
      response.writeHead(307, { location }).end()
    }
  const { port } = await serve(hop(2))
  const headers = { authorization: 'Bearer x', accept: 'text/plain' }
  expect((await open.send({ url: `http://127.0.0.1:${port}/2`, headers })).text).toBe('hello')
  expect(last.seen[0]?.headers).toMatchObject({ accept: 'text/plain' })
  expect(last.seen[0]?.headers.authorization).toBeUndefined()
  expect(await codeOf(open.send({ url: `http://127.0.0.1:${port}/3` }))).toBe('too-many-redirects')
  expect((await open.send({ url: `http://127.0.0.1:${port}/2`, method: 'POST', body: 'x' })).status).toBe(307)
})

it('gives up on an answer that is too large, and on one that does not come', async () => {
  const large = await serve((_request, response) => response.end('x'.repeat(2_000)))
  expect(await codeOf(open.send({ url: `http://127.0.0.1:${large.port}/`, maxBytes: 1_000 }))).toBe('too-large')
  const silent = await serve(() => undefined)
  expect(await codeOf(open.send({ url: `http://127.0.0.1:${silent.port}/`, timeoutMs: 30 }))).toBe('timed-out')
  const endless = await serve((_request, response) => {
    response.write('x')
  })
  expect(await codeOf(open.send({ url: `http://127.0.0.1:${endless.port}/`, timeoutMs: 30 }))).toBe('timed-out')
})

it('says when nobody is there', async () => {
  const { port } = await serve(hello)
  const [server] = servers.splice(0)
  server?.closeAllConnections()
  await new Promise(done => server?.close(done))
  expect(await codeOf(open.send({ url: `http://127.0.0.1:${port}/` }))).toBe('unreachable')
})
