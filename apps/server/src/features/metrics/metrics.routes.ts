import { type EventBatch, eventBatchSchema, keySchema } from '@dimmer/protocol'
import { z } from 'zod'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { Db } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { findEnvironment } from '../projects/index.ts'
import type { Ingest } from './ingest/ingest.ts'

/** A browser key stands in public pages: whoever has it may not say who was served what, or who somebody is. */
function assertTracksOnly({ exposures, firstExposures, identifies }: EventBatch): void {
  if (exposures.length + firstExposures.length + identifies.length === 0) return
  throw new AppError('forbidden', 'A browser key may only send tracks; exposures and identifies need a server key.')
}

const placeParams = z.strictObject({ project: keySchema, environment: keySchema })
const answerOf = ({ duplicate }: { readonly duplicate: boolean }) => ({ accepted: true, duplicate }) as const

export function metricsRoutes(app: App, deps: { readonly db: Db; readonly ingest: Ingest }): void {
  const { db, ingest } = deps

  // The second address is for servers without an SDK.
  for (const address of ['/sdk/v1/events', '/api/v1/events']) {
    const config = { permission: 'any-key' } as const
    app.post(address, { config, schema: { body: eventBatchSchema } }, async (request, reply) => {
      const caller = sdkCaller(request)
      if (caller.kind === 'browser') assertTracksOnly(request.body)
      return reply.code(202).send(answerOf(await ingest.take(caller, request.body)))
    })
  }

  app.post(
    '/api/v1/projects/:project/environments/:environment/events',
    { config: { permission: 'metric:write' }, schema: { params: placeParams, body: eventBatchSchema } },
    async (request, reply) => {
      const { project, environment } = request.params
      const { id: environmentId, projectId } = await findEnvironment(db, project, environment)
      return reply.code(202).send(answerOf(await ingest.take({ environmentId, projectId }, request.body)))
    },
  )
}
