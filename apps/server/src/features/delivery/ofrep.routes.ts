import { type OfrepBulkAnswer, ofrepRequestSchema } from '@dimmer/protocol'
import { z } from 'zod'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FeedSource } from './feeds.ts'
import { ofrepEtag, ofrepEvaluate, ofrepEvaluateAll } from './ofrep.ts'

/** OFREP, the OpenFeature Remote Evaluation Protocol: evaluated values for one context, never rules. */
export function ofrepRoutes(app: App, { feeds, clock }: { readonly feeds: FeedSource; readonly clock: Clock }): void {
  const config = { permission: 'any-key' } as const

  app.post('/ofrep/v1/evaluate/flags', { config, schema: { body: ofrepRequestSchema } }, async (request, reply) => {
    const { context } = request.body
    const { environmentId, kind: caller } = sdkCaller(request)
    const feed = await feeds.feed(environmentId)
    const etag = ofrepEtag(feed.version, context)
    reply.header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const answer: OfrepBulkAnswer = {
      flags: ofrepEvaluateAll(feed.snapshot, { context, now: clock.now(), caller }),
      metadata: { version: feed.version },
    }
    return answer
  })

  app.post(
    '/ofrep/v1/evaluate/flags/:key',
    { config, schema: { params: z.strictObject({ key: z.string() }), body: ofrepRequestSchema } },
    async (request, reply) => {
      const { key } = request.params
      const { environmentId, kind: caller } = sdkCaller(request)
      const feed = await feeds.feed(environmentId)
      const flag = ofrepEvaluate(feed.snapshot, key, { context: request.body.context, now: clock.now(), caller })
      // OFREP fixes the shape of this answer; it is not one of our catalogue.
      if (flag === undefined)
        return reply.code(404).send({ key, errorCode: 'FLAG_NOT_FOUND', errorDetails: 'no such flag' })
      return flag
    },
  )
}
