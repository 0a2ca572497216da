import { eventBatchesSchema, eventBatchSchema } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'
import { sdkCaller, sdkKeyOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { assertTracksOnly } from '../metrics/index.ts'
import type { EdgeEvents } from './edge-events.ts'

/** Events, from SDKs and from further edges: taken here, and passed on. */
export function edgeRoutes(app: App, { events }: { readonly events: EdgeEvents }): void {
  const config = { permission: 'any-key' } as const
  const keyOf = (request: FastifyRequest): string => sdkKeyOf(request) ?? ''

  app.post('/sdk/v1/events', { config, schema: { body: eventBatchSchema } }, (request, reply) => {
    if (sdkCaller(request).kind === 'browser') assertTracksOnly(request.body)
    events.take(keyOf(request), request.body)
    return reply.code(202).send({ accepted: true, duplicate: false })
  })

  app.post('/sdk/v1/event-batches', { config, schema: { body: eventBatchesSchema } }, (request, reply) => {
    const { batches } = request.body
    if (sdkCaller(request).kind === 'browser') batches.forEach(assertTracksOnly)
    for (const batch of batches) events.take(keyOf(request), batch)
    return reply.code(202).send({ accepted: true, duplicate: false })
  })
}
