import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ERRORS, type ErrorBody, type ErrorCode } from '@dimmer/protocol'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { fromDatabaseError } from '../kernel/database.ts'
import { AppError } from '../kernel/errors.ts'
import { type App, BODY_LIMIT } from './app-type.ts'
import { detailsOf, type Issue } from './issue-details.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the protocol of a route wants in an error's body, beside our own. */
    describeError?: (error: AppError, request: FastifyRequest) => Readonly<Record<string, unknown>>
  }
}

const BODY_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-json', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-json', 'The body is empty; JSON was announced.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid-request', 'The body is not as long as its Content-Length says.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send the body as application/json or application/yaml.'],
  Z_DATA_ERROR: ['malformed-json', 'The body is announced as gzip, but cannot be unpacked.'],
  Z_BUF_ERROR: ['malformed-json', 'The body is announced as gzip, but ends too early.'],
  FST_ERR_BAD_URL: ['not-found', 'The address is not a valid URL.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', 'A part of the address is longer than any key or id.'],
}

/** What Zod found, as it was before it became an error of Fastify. */
function issuesOf(error: FastifyError): readonly Issue[] {
  if (!hasZodFastifySchemaValidationErrors(error)) return []
  return error.validation.map(({ instancePath, message = 'is not allowed', params }) => {
    // All that Zod said beside these is there; the type, which is Fastify's, doesn't know it.
    const said = params as unknown as Pick<Issue, 'keys' | 'errors'>
    const path = instancePath.split('/').filter(name => name !== '')
    return { ...said, path, message }
  })
}

/** A request that is wrong in thousands of places is told of the first. */
const MOST_DETAILS = 100

function fromValidation(error: FastifyError): AppError {
  const details = detailsOf(issuesOf(error))
  const [first] = details
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : ''
  return new AppError('invalid-request', first ? `${where}${first.message}${more}` : error.message, {
    details: details.slice(0, MOST_DETAILS),
  })
}

const tooLarge = (limit: number): AppError =>
  new AppError('body-too-large', `The body is over ${limit / 1024 / 1024} MB.`)

/** Any thrown thing as an error of the catalogue. `bodyLimit` is the route's, in bytes. */
function toAppError(thrown: unknown, bodyLimit: number): AppError {
  const error = fromDatabaseError(thrown)
  if (error instanceof AppError) return error
  if (error instanceof SyntaxError && 'statusCode' in error)
    return new AppError('malformed-json', 'The body is not valid JSON.')
  if (error instanceof Error && 'validation' in error) return fromValidation(error as FastifyError)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(bodyLimit)
  const known = BODY_ERRORS[code]
  if (known !== undefined) return new AppError(known[0], known[1])
  return new AppError('internal', ERRORS.internal.meaning, { cause: error })
}

function bodyOf(error: AppError, requestId?: string): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(requestId === undefined ? {} : { requestId }),
      ...(error.details.length > 0 ? { details: error.details } : {}),
    },
  }
}

function send(reply: FastifyReply, request: FastifyRequest, error: AppError): void {
  const retryAfter = error.retryAfter ?? (error.code === 'unavailable' ? 1 : undefined)
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  const body = { ...request.routeOptions.config?.describeError?.(error, request), ...bodyOf(error, request.id) }
  reply.code(error.status).type('application/json').send(JSON.stringify(body))
}

/** For what the router refuses before there is a route, which the error handler never sees. */
export function handleFrameworkError(thrown: Error, request: FastifyRequest, reply: FastifyReply): void {
  send(reply, request, toAppError(thrown, BODY_LIMIT))
}

/** For what Node's HTTP parser refuses, so that there is no request to answer: writes the answer by hand. */
export function answerClientError(thrown: Error & { readonly code?: string }, socket: Socket): void {
  if (thrown.code === 'ECONNRESET' || !socket.writable) return
  const reason =
    thrown.code === 'HPE_HEADER_OVERFLOW'
      ? 'The headers are too long.'
      : thrown.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'The request did not arrive in time.'
        : 'The request is not valid HTTP.'
  const error = new AppError('invalid-request', reason)
  const body = JSON.stringify(bodyOf(error))
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** Answers every failure with a body from the catalogue; what is ours to mend goes to the log with its cause. */
export function handleErrors(app: App): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toAppError(thrown, request.routeOptions.bodyLimit ?? BODY_LIMIT)
    if (error.code === 'internal') request.log.error({ err: thrown }, 'request failed')
    send(reply, request, error)
  })
  app.setNotFoundHandler((request, reply) => {
    send(
      reply,
      request,
      new AppError('not-found', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`),
    )
  })
}
