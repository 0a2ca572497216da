import { type LookupAddress, type LookupAllOptions, type LookupOptions, lookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp, validateHeaderName, validateHeaderValue } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isAllowed, isPublicAddress, type PrivateAllowed } from '../kernel/public-address.ts'
import { type Outgoing, type OutgoingAnswer, OutgoingError, type OutgoingRequest } from '../ports/outgoing.ts'

export interface GuardOptions {
  /** What may be asked beside public addresses. */
  readonly allowed: PrivateAllowed
  /** How names are resolved; absent: as the system does. */
  readonly resolve?: (host: string, options: LookupAllOptions, done: Resolved) => void
}

type Resolved = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void

const TIMEOUT_MS = 10_000
const MAX_BYTES = 1024 * 1024
const MAX_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** Not for whoever an answer points to. */
const SECRETS = new Set(['authorization', 'cookie', 'proxy-authorization'])

const forbidden = (host: string, address: string): OutgoingError => {
  const where = host === address ? host : `${host} (${address})`
  return new OutgoingError(
    'not-allowed',
    `${where} is not a public address. DIMMER_ALLOW_PRIVATE_WEBHOOKS can allow it.`,
  )
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1')

/** The parser has already turned 127.1, 0x7f000001 and the like into 127.0.0.1. */
function readUrl(text: string, allowed: PrivateAllowed): URL {
  if (!URL.canParse(text)) throw new OutgoingError('invalid-url', 'The address is not a valid URL.')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OutgoingError('invalid-url', 'The address must start with http:// or https://.')
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutgoingError('invalid-url', 'The address may not contain a user or a password; send them as a header.')
  }
  const host = hostOf(url)
  if (isIP(host) !== 0 && !isPublicAddress(host) && !isAllowed(allowed, host)) throw forbidden(host, host)
  return url
}

/** A line end in a header would begin another one, or another request. */
function assertHeaders(headers: OutgoingRequest['headers'] = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch (cause) {
      throw new OutgoingError('invalid-header', 'A header has characters that HTTP does not allow.', { cause })
    }
  }
}

/** Resolves a name for the connection itself: there is no second look-up that could say something else. */
function guardedLookup({ allowed, resolve = lookup }: GuardOptions): LookupFunction {
  return (host, options: LookupOptions, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const bad = addresses?.find(({ address }) => !isPublicAddress(address) && !isAllowed(allowed, address))
      const [first] = addresses ?? []
      if (error !== null) done(error, '')
      else if (first === undefined) done(new Error(`${host} has no address`), '')
      else if (bad !== undefined && !isAllowed(allowed, host)) done(forbidden(host, bad.address), '')
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new OutgoingError('too-large', `The answer is over ${maxBytes} bytes.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const headersOf = (response: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

interface Hop {
  readonly request: OutgoingRequest
  readonly url: URL
  readonly signal: AbortSignal
}

function askOnce({ request, url, signal }: Hop, options: GuardOptions): Promise<OutgoingAnswer> {
  const { method = 'GET', headers = {}, body, maxBytes = MAX_BYTES } = request
  const start = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const call = start(
      url,
      { method, headers: { ...headers, ...length }, agent: false, signal, lookup: guardedLookup(options) },
      response => {
        readText(response, maxBytes)
          .then(text => resolve({ status: response.statusCode ?? 0, headers: headersOf(response), text }))
          .catch((error: unknown) => {
            call.destroy()
            reject(error)
          })
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

function toFailure(error: unknown, { url, signal, request }: Hop): OutgoingError {
  if (error instanceof OutgoingError) return error
  if (signal.aborted) {
    const ms = request.timeoutMs ?? TIMEOUT_MS
    return new OutgoingError('timed-out', `${url.host} did not answer within ${ms} ms.`, { cause: error })
  }
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return new OutgoingError('unreachable', `${url.host} cannot be reached${code}.`, { cause: error })
}

const withoutSecrets = (headers: OutgoingRequest['headers'] = {}) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRETS.has(name.toLowerCase())))

/** The next hop of a GET; undefined if the answer is not a redirect. */
function nextHop({ request, url, signal }: Hop, answer: OutgoingAnswer, allowed: PrivateAllowed): Hop | undefined {
  const { location } = answer.headers
  if ((request.method ?? 'GET') !== 'GET' || location === undefined || !REDIRECTS.has(answer.status)) return undefined
  const target = URL.canParse(location, url.href) ? new URL(location, url).href : location
  const next = readUrl(target, allowed)
  const headers = next.origin === url.origin ? (request.headers ?? {}) : withoutSecrets(request.headers)
  return { request: { ...request, headers }, url: next, signal }
}

/** Sends requests only to public addresses, and to those that are allowed. */
export const createOutgoing = (options: GuardOptions): Outgoing => ({
  async send(request) {
    assertHeaders(request.headers)
    const signal = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS)
    let hop: Hop = { request, url: readUrl(request.url, options.allowed), signal }
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const asked = hop
      const answer = await askOnce(asked, options).catch((error: unknown) => {
        throw toFailure(error, asked)
      })
      const next = nextHop(asked, answer, options.allowed)
      if (next === undefined) return answer
      hop = next
    }
    throw new OutgoingError('too-many-redirects', `${hop.url.host} redirects more than ${MAX_REDIRECTS} times.`)
  },
})
