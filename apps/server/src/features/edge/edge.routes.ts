import { eventBatchesSchema, eventBatchSchema } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'
import { sdkCaller, sdkKeyOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { Clock } from '../../ports/clock.ts'
import { signingRulesRoute } from '../access/index.ts'
import { assertBelieved } from '../metrics/index.ts'
import type { EdgeEvents } from './edge-events.ts'
import type { EdgeKeys } from './edge-keys.ts'

export interface EdgeRouteDeps {
  readonly events: EdgeEvents
  readonly keys: EdgeKeys
  readonly clock: Clock
  /** The edge's own key. */
  readonly ownKey: string
}

/** Events, from SDKs and from further edges: taken here, and passed on. And how to check contexts, for further edges. */
export function edgeRoutes(app: App, { events, keys, clock, ownKey }: EdgeRouteDeps): void {
  const config = { permission: 'any-key' } as const
  // What a browser signed was checked here; until the server is back, the signature may have run out.
  const keyFor = (request: FastifyRequest): string =>
    sdkCaller(request).signed === null ? (sdkKeyOf(request) ?? '') : ownKey

  app.post('/sdk/v1/events', { config, schema: { body: eventBatchSchema } }, (request, reply) => {
    assertBelieved(sdkCaller(request), request.body, clock.now())
    events.take(keyFor(request), request.body)
    return reply.code(202).send({ accepted: true, duplicate: false })
  })

  app.post('/sdk/v1/event-batches', { config, schema: { body: eventBatchesSchema } }, (request, reply) => {
    const { batches } = request.body
    for (const batch of batches) assertBelieved(sdkCaller(request), batch, clock.now())
    for (const batch of batches) events.take(keyFor(request), batch)
    return reply.code(202).send({ accepted: true, duplicate: false })
  })

  signingRulesRoute(app, () => keys.signingRules())
}
