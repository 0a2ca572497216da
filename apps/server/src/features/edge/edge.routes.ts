import { eventBatchesSchema, eventBatchSchema } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'
import { sdkCaller, sdkKeyOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { Clock } from '../../ports/clock.ts'
import { signingRulesRoute } from '../access/index.ts'
import { believe, eventsAnswer, noteRefused, sdkEventsOf } from '../metrics/index.ts'
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

  const schema = { body: eventBatchSchema }
  app.post('/sdk/v1/events', { config, attachValidation: true, schema }, (request, reply) => {
    const sorted = sdkEventsOf(request, clock.now())
    events.take(keyFor(request), noteRefused(sorted))
    return reply.code(202).send(eventsAnswer(false, sorted.refused))
  })

  app.post('/sdk/v1/event-batches', { config, schema: { body: eventBatchesSchema } }, (request, reply) => {
    const { batches } = request.body
    const believed = batches.map(batch => believe(sdkCaller(request), batch, clock.now()))
    for (const sorted of believed) events.take(keyFor(request), noteRefused(sorted))
    return reply.code(202).send(eventsAnswer(false, []))
  })

  signingRulesRoute(app, () => keys.signingRules())
}
