import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import { parse } from 'yaml'
import { z } from 'zod'
import { AppError } from '../kernel/errors.ts'
import type { App } from './app-type.ts'

/** Room for a list of a million ids, 60 characters each. */
export const LIST_BODY_LIMIT: number = 64 * 1024 * 1024

/** The schema of a route that takes CSV: the bytes as they came. */
export const csvBody = z.custom<Buffer>(body => Buffer.isBuffer(body), 'Send the file with the content type text/csv.')

async function keepCsv({ routeOptions }: FastifyRequest, body: Buffer): Promise<Buffer> {
  if (routeOptions.schema?.body === csvBody) return body
  throw new AppError('unsupported-media-type', 'This address takes JSON or YAML, not CSV.')
}

/** The deepest condition that the engine takes needs 70. What lies deeper would overflow the stack of whoever walks it. */
const MAX_LEVELS = 100

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body)
  } catch (cause) {
    throw new AppError('malformed-json', 'The body is not valid UTF-8.', { cause })
  }
}

async function readYaml(_request: unknown, body: Buffer): Promise<unknown> {
  const text = textOf(body)
  try {
    return parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : 'it cannot be read'
    throw new AppError('malformed-json', `The body is not valid YAML: ${reason}`)
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What lies one level deeper. `__proto__` is refused here for YAML; the JSON parser does it by itself. */
function partsOf(level: readonly object[]): readonly object[] {
  const parts: object[] = []
  for (const value of level) {
    if (Object.hasOwn(value, '__proto__')) throw new AppError('invalid-request', 'No field may be called "__proto__".')
    for (const part of Object.values(value)) if (isObject(part)) parts.push(part)
  }
  return parts
}

/** Level by level, so that no depth is too much for the check itself; a circle, which YAML can make, is endless depth. */
async function refuseTraps({ body }: FastifyRequest): Promise<void> {
  let level: readonly object[] = isObject(body) && !Buffer.isBuffer(body) ? [body] : []
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MAX_LEVELS) {
      throw new AppError('invalid-request', `The body is nested more than ${MAX_LEVELS} levels deep.`)
    }
    level = partsOf(level)
  }
}

/**
 * Bodies may be compressed with gzip. The limit holds for what they unpack to: reading stops where it is reached.
 */
async function unpack(request: FastifyRequest, _reply: unknown, payload: Readable): Promise<Readable> {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return payload
  if (encoding !== 'gzip') {
    throw new AppError('unsupported-media-type', `The body is encoded as "${encoding}"; send it plain or as gzip.`)
  }
  let packedBytes = 0
  payload.on('data', (chunk: Buffer) => {
    packedBytes += chunk.length
  })
  const gunzip = createGunzip()
  payload.on('error', error => gunzip.destroy(error))
  const plain = payload.pipe(gunzip)
  // Fastify compares this with `content-length`.
  return Object.defineProperty(plain, 'receivedEncodedLength', { get: () => packedBytes })
}

/**
 * How bodies are read: JSON, and YAML because rollout plans are kept in files, and people write those. Both must be
 * valid UTF-8. CSV is left to the routes that ask for it.
 */
export function readBodies(app: App): void {
  const readJson = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      void readJson(request, textOf(body), done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
  app.addContentTypeParser(['application/yaml', 'text/yaml'], { parseAs: 'buffer' }, readYaml)
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, keepCsv)
  app.addHook('preParsing', unpack)
  app.addHook('preValidation', refuseTraps)
}
