import type { Context } from '@dimmer/engine'
import { type ErrorCode, type OfrepBulkAnswer, type OfrepEventStream, ofrepRequestSchema } from '@dimmer/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sdkCaller, sdkKeyOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { AppError } from '../../kernel/errors.ts'
import { RateLimit } from '../../kernel/rate-limit.ts'
import { makeStreamToken, streamTokenPeriod } from '../../kernel/stream-token.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Feed } from './feed.ts'
import type { FeedSource } from './feeds.ts'
import { ofrepEtag, ofrepEvaluate, ofrepEvaluateAll } from './ofrep.ts'

/** Of one address with a browser key: many people may share an address, and none of them needs more. */
const BROWSERS = { burst: 500, everyMs: 10 }
/** A page that nobody looks at for this long may close its stream. */
const INACTIVITY_SECONDS = 120

/** Gives the moment (`PageStreams.moment`) with which a period of tokens began, as far as this node knows. */
function firstMoments(): (feed: Feed, period: number) => string {
  const known = new WeakMap<Feed, { readonly period: number; readonly moment: string }>()
  return (feed, period) => {
    const last = known.get(feed)
    if (last?.period === period) return last.moment
    const { moment } = feed.pages
    known.set(feed, { period, moment })
    return moment
  }
}

/**
 * Where a browser hears of changes since `moment`. Addresses end up in logs and are kept by clients: a token for some
 * minutes stands there for the key. Servers ask again by themselves.
 */
function eventStreams(request: FastifyRequest, now: number, moment: string): readonly OfrepEventStream[] | undefined {
  const { kind, keyId } = sdkCaller(request)
  const text = sdkKeyOf(request)
  if (kind !== 'browser' || text === undefined) return undefined
  const query = new URLSearchParams({ token: makeStreamToken({ keyId, text }, now), version: moment })
  return [
    {
      type: 'sse',
      endpoint: { requestUri: `/sdk/v1/client-stream?${query}` },
      inactivityDelaySec: INACTIVITY_SECONDS,
    },
  ]
}

const ERROR_CODES: Partial<Record<ErrorCode, string>> = {
  'malformed-json': 'PARSE_ERROR',
  'invalid-request': 'INVALID_CONTEXT',
}

/** OFREP's own words for what is refused: its clients read `errorCode` and `errorDetails`. */
const describeError = ({ code, message }: AppError, { params }: FastifyRequest) => ({
  ...(typeof params === 'object' && params !== null && '*' in params ? { key: params['*'] } : {}),
  errorCode: ERROR_CODES[code] ?? 'GENERAL',
  errorDetails: message,
})

/** OFREP, the OpenFeature Remote Evaluation Protocol: evaluated values for one context, never rules. */
export function ofrepRoutes(app: App, { feeds, clock }: { readonly feeds: FeedSource; readonly clock: Clock }): void {
  const config = { permission: 'any-key', describeError } as const
  const limit = new RateLimit(clock, BROWSERS)
  // OFREP's clients open a stream anew when its address changes: a change of a flag must not change it.
  const firstMoment = firstMoments()

  /** What was signed of it, and what need not be. */
  function contextOf(request: FastifyRequest, sent: Context): Context {
    const { signed } = sdkCaller(request)
    return signed === null ? sent : signed.admit(sent, clock.now())
  }

  function admit(request: FastifyRequest, reply: FastifyReply): void {
    const { kind, keyId } = sdkCaller(request)
    const waitMs = kind === 'browser' ? limit.take(`${keyId} ${request.ip}`) : 0
    if (waitMs === 0) return
    const waitSeconds = Math.ceil(waitMs / 1_000)
    reply.header('retry-after', String(waitSeconds))
    throw new AppError('too-many-requests', `Too many requests from this address; wait ${waitSeconds} s.`)
  }

  app.post('/ofrep/v1/evaluate/flags', { config, schema: { body: ofrepRequestSchema } }, async (request, reply) => {
    admit(request, reply)
    const context = contextOf(request, request.body.context)
    const { environmentId, kind: caller } = sdkCaller(request)
    const feed = await feeds.feed(environmentId)
    const now = clock.now()
    const evaluateAll = () => ofrepEvaluateAll(feed.snapshot, { context, now, caller })
    const etag = ofrepEtag(feed.version, [
      context,
      // With a new token the answer is another one: who is told "not modified" goes on with the token that it has.
      caller === 'browser' ? streamTokenPeriod(now) : null,
      feed.readsClock ? evaluateAll() : null,
    ])
    reply.header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const streams = eventStreams(request, now, firstMoment(feed, streamTokenPeriod(now)))
    const answer: OfrepBulkAnswer = {
      flags: evaluateAll(),
      metadata: { version: feed.version },
      ...(streams === undefined ? {} : { eventStreams: streams }),
    }
    return answer
  })

  // All that follows is the key: it may have slashes in it.
  app.post(
    '/ofrep/v1/evaluate/flags/*',
    { config, schema: { params: z.strictObject({ '*': z.string() }), body: ofrepRequestSchema } },
    async (request, reply) => {
      admit(request, reply)
      const key = request.params['*']
      const { environmentId, kind: caller } = sdkCaller(request)
      const feed = await feeds.feed(environmentId)
      const context = contextOf(request, request.body.context)
      const flag = ofrepEvaluate(feed.snapshot, key, { context, now: clock.now(), caller })
      // OFREP fixes the shape of this answer; it is not one of our catalogue.
      if (flag === undefined)
        return reply.code(404).send({ key, errorCode: 'FLAG_NOT_FOUND', errorDetails: 'no such flag' })
      return flag
    },
  )
}
