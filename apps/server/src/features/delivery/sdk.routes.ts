import {
  type ClientStreamEvent,
  type InstancesAnswer,
  instancesReportSchema,
  type KeyAnswer,
  receiptSchema,
  SDK_HEADERS,
  type StreamHello,
} from '@dimmer/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { openSse, sseFrame } from '../../http/sse.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Compressed } from './compressed.ts'
import type { FrameSink } from './feed.ts'
import type { FeedSource } from './feeds.ts'
import type { Heartbeats } from './heartbeats.ts'
import type { Instances } from './instances.ts'

export interface SdkRouteDeps {
  readonly feeds: FeedSource
  readonly instances: Instances
  readonly heartbeats: Heartbeats
}

/** Up to this many instances answer at once; more spread their receipts out, a millisecond each. */
const AT_ONCE = 100
const LONGEST_RECEIPT_DELAY_MS = 2_000
const CUT_OFF = 'This node is cut off: what it has may be out of date.'

function header(request: FastifyRequest, name: string, fallback: string): string {
  const value = request.headers[name]
  if (value === undefined) return fallback
  if (typeof value !== 'string' || value.length === 0 || value.length > 100) {
    throw new AppError('invalid-request', `The header ${name} has 1 to 100 characters.`)
  }
  return value
}

/** Who calls, as named by the SDK's headers; an SDK without them goes by its request id. */
const callerNames = (request: FastifyRequest) => ({
  instanceId: header(request, SDK_HEADERS.instance, request.id),
  sdk: header(request, SDK_HEADERS.sdk, 'unknown'),
})

/** The version that a poll says it has: the ETag of an earlier answer. */
const versionOf = (etag: string | undefined): number | undefined => {
  const version = Number(/^"(\d{1,16})"$/.exec(etag ?? '')?.[1])
  return Number.isSafeInteger(version) ? version : undefined
}

/** See `PageStreams.moment`. */
const MOMENT = /^\d{1,16}(\.-?\d{1,16})?$/
const clientStreamQuery = z.object({
  version: z.string().regex(MOMENT, 'is what the address that the bulk answer gave has there').exactOptional(),
})
const listParams = z.strictObject({ hash: z.string().min(1).max(100) })

async function sendCompressed(request: FastifyRequest, reply: FastifyReply, body: Compressed): Promise<FastifyReply> {
  const { bytes, encoding } = await body.for(request.headers['accept-encoding'])
  if (encoding !== undefined) reply.header('content-encoding', encoding)
  return reply.header('vary', 'accept-encoding').type('application/json').send(bytes)
}

const lastEventId = (request: FastifyRequest): number | undefined => {
  const value = Number(request.headers['last-event-id'])
  return Number.isInteger(value) && value >= 0 && request.headers['last-event-id'] !== '' ? value : undefined
}

const lastMoment = ({ headers }: FastifyRequest): string | undefined => {
  const value = headers['last-event-id']
  return typeof value === 'string' && MOMENT.test(value) ? value : undefined
}

export function sdkRoutes(app: App, { feeds, instances, heartbeats }: SdkRouteDeps): void {
  const config = { permission: 'ruleset-key' } as const

  app.get('/sdk/v1/ruleset', { config }, async (request, reply) => {
    const { environmentId } = sdkCaller(request)
    const feed = await feeds.feed(environmentId)
    if (request.headers[SDK_HEADERS.instance] !== undefined) {
      const version = versionOf(request.headers['if-none-match'])
      instances.polled({ environmentId, ...callerNames(request) }, version)
      feeds.claimed(environmentId, version ?? 0)
    }
    // Who has something goes on with it and knows that it is old; who has nothing gets what there is.
    if (feeds.cutOff && request.headers['if-none-match'] !== undefined) throw new AppError('unavailable', CUT_OFF)
    const etag = `"${feed.version}"`
    reply.header('etag', etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return sendCompressed(request, reply, feed.body)
  })

  app.get('/sdk/v1/lists/:hash', { config, schema: { params: listParams } }, async (request, reply) => {
    const list = (await feeds.feed(sdkCaller(request).environmentId)).list(request.params.hash)
    if (list === undefined) throw new AppError('not-found', 'There is no such list in this ruleset any more.')
    reply.header('etag', `"${list.hash}"`).header('cache-control', 'private, max-age=31536000, immutable')
    return sendCompressed(request, reply, list.body)
  })

  app.get('/sdk/v1/stream', { config, exposeHeadRoute: false }, async (request, reply) => {
    const { environmentId, keyId } = sdkCaller(request)
    const { instanceId, sdk } = callerNames(request)
    const lastVersion = lastEventId(request)
    const listsByHash = request.headers[SDK_HEADERS.lists] === 'by-hash'
    const feed = await feeds.feed(environmentId)
    heartbeats.assertOpen()
    const disconnected = instances.connected(environmentId, instanceId, sdk)
    const onClose = () => {
      feed.detach(sink)
      heartbeats.remove(connection)
      disconnected()
    }
    const connection = openSse(request, reply, { audience: 'sdk', onClose })
    const sink: FrameSink = {
      listsByHash,
      write: frame => connection.write(frame),
    }
    const count = instances.presentCount(environmentId)
    const hello: StreamHello = {
      receiptDelayMs: count <= AT_ONCE ? 0 : Math.min(count, LONGEST_RECEIPT_DELAY_MS),
      heartbeatMs: heartbeats.everyMs,
      ...(feeds.cutOff ? { cutOff: true } : {}),
    }
    connection.write(sseFrame({ name: 'hello', data: JSON.stringify(hello) }))
    feeds.claimed(environmentId, lastVersion ?? 0)
    feed.attach(sink, lastVersion)
    heartbeats.add(connection, keyId)
    return reply
  })

  app.post('/sdk/v1/receipts', { config, schema: { body: receiptSchema } }, async (request, reply) => {
    const { environmentId } = sdkCaller(request)
    feeds.claimed(environmentId, request.body.version)
    instances.confirm({ environmentId, ...callerNames(request), ...request.body })
    return reply.code(204).send()
  })

  app.get('/sdk/v1/key', { config: { permission: 'any-key' } }, (request): KeyAnswer => {
    // Not all that is known of a caller is for the caller.
    const { keyId, kind, environmentId, projectId } = sdkCaller(request)
    return { keyId, kind, environmentId, projectId }
  })

  app.post(
    '/sdk/v1/instances',
    { config, schema: { body: instancesReportSchema } },
    async (request): Promise<InstancesAnswer> => {
      const edge = { id: callerNames(request).instanceId, kind: 'edge' } as const
      const inTouch = instances.heard(edge)
      instances.report(edge, sdkCaller(request).environmentId, request.body.instances)
      return { tellAll: !inTouch }
    },
  )

  app.get(
    '/sdk/v1/client-stream',
    { config: { permission: 'stream-key' }, exposeHeadRoute: false, schema: { querystring: clientStreamQuery } },
    async (request, reply) => {
      const { environmentId, keyId } = sdkCaller(request)
      const had = lastMoment(request) ?? request.query.version
      const feed = await feeds.feed(environmentId)
      heartbeats.assertOpen()
      const onClose = () => {
        feed.pages.detach(connection)
        heartbeats.remove(connection)
      }
      const connection = openSse(request, reply, { audience: 'page', onClose })
      const hello: ClientStreamEvent = {
        type: 'hello',
        version: feed.version,
        heartbeatMs: heartbeats.everyMs,
        cutOff: feeds.cutOff,
      }
      connection.write(sseFrame({ id: feed.pages.moment, data: JSON.stringify(hello) }))
      // Something may have changed since it asked for its values, or while it was away.
      feed.pages.attach(connection, had)
      heartbeats.add(connection, keyId)
      return reply
    },
  )
}
