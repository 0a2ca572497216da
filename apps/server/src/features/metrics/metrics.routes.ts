import { type EventBatch, eventBatchSchema } from '@dimmer/protocol'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { AppError } from '../../kernel/errors.ts'
import { type IngestDeps, ingestEvents } from './ingest-events.ts'

/** A browser key stands in public pages: whoever has it may not say who was served what, or who somebody is. */
function assertTracksOnly({ exposures, firstExposures, identifies }: EventBatch): void {
  if (exposures.length + firstExposures.length + identifies.length === 0) return
  throw new AppError('forbidden', 'A browser key may only send tracks; exposures and identifies need a server key.')
}

export function metricsRoutes(app: App, deps: IngestDeps): void {
  app.post(
    '/sdk/v1/events',
    { config: { permission: 'any-key' }, schema: { body: eventBatchSchema } },
    async (request, reply) => {
      const caller = sdkCaller(request)
      if (caller.kind === 'browser') assertTracksOnly(request.body)
      const { duplicate } = await ingestEvents(deps, caller, request.body)
      return reply.code(202).send({ accepted: true, duplicate })
    },
  )
}
