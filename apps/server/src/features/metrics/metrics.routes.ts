import { eventBatchSchema } from '@dimmer/protocol'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { type IngestDeps, ingestEvents } from './ingest-events.ts'

export function metricsRoutes(app: App, deps: IngestDeps): void {
  app.post(
    '/sdk/v1/events',
    { config: { access: 'any-key' }, schema: { body: eventBatchSchema } },
    async (request, reply) => {
      const { duplicate } = await ingestEvents(deps, sdkCaller(request), request.body)
      return reply.code(202).send({ accepted: true, duplicate })
    },
  )
}
