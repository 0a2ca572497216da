import { type EventBatch, eventBatchesSchema, eventBatchSchema, keySchema } from '@dimmer/protocol'
import { z } from 'zod'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { SdkCaller } from '../../http/caller.ts'
import type { Db } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Clock } from '../../ports/clock.ts'
import { findEnvironment } from '../projects/index.ts'
import { selectEventHealth } from './event-health.ts'
import type { Ingest } from './ingest/ingest.ts'

/**
 * A browser key stands in public pages: whoever has it may not say who was served what, who somebody is, or what became
 * of units that they can't speak for.
 */
export function assertBelieved({ signed }: SdkCaller, batch: EventBatch, now: number): void {
  if (signed === null) return
  const { exposures, firstExposures, identifies, tracks } = batch
  if (exposures.length + firstExposures.length + identifies.length > 0) {
    throw new AppError('forbidden', 'A browser key may only send tracks; exposures and identifies need a server key.')
  }
  signed.admitTracks(tracks, now)
}

const placeParams = z.strictObject({ project: keySchema, environment: keySchema })
const answerOf = ({ duplicate }: { readonly duplicate: boolean }) => ({ accepted: true, duplicate }) as const

export interface MetricsRouteDeps {
  readonly db: Db
  readonly clock: Clock
  readonly ingest: Ingest
  /** How many evaluations a batch tells of. */
  readonly onEvaluations?: (count: number) => void
}

export function metricsRoutes(app: App, deps: MetricsRouteDeps): void {
  const { db, clock, ingest } = deps
  const take: Ingest['take'] = async (caller, batch) => {
    const taken = await ingest.take(caller, batch)
    if (!taken.duplicate) deps.onEvaluations?.(batch.exposures.reduce((sum, { count }) => sum + count, 0))
    return taken
  }

  // The second address is for servers without an SDK.
  for (const address of ['/sdk/v1/events', '/api/v1/events']) {
    const config = { permission: 'any-key' } as const
    app.post(address, { config, schema: { body: eventBatchSchema } }, async (request, reply) => {
      const caller = sdkCaller(request)
      assertBelieved(caller, request.body, clock.now())
      return reply.code(202).send(answerOf(await take(caller, request.body)))
    })
  }

  app.post(
    '/sdk/v1/event-batches',
    { config: { permission: 'any-key' }, schema: { body: eventBatchesSchema } },
    async (request, reply) => {
      const caller = sdkCaller(request)
      const { batches } = request.body
      for (const batch of batches) assertBelieved(caller, batch, clock.now())
      const taken = await Promise.all(batches.map(batch => take(caller, batch)))
      return reply.code(202).send(answerOf({ duplicate: taken.every(({ duplicate }) => duplicate) }))
    },
  )

  app.post(
    '/api/v1/projects/:project/environments/:environment/events',
    { config: { permission: 'metric:write' }, schema: { params: placeParams, body: eventBatchSchema } },
    async (request, reply) => {
      const { project, environment } = request.params
      const { id: environmentId, projectId } = await findEnvironment(db, project, environment)
      return reply.code(202).send(answerOf(await take({ environmentId, projectId }, request.body)))
    },
  )

  app.get(
    '/api/v1/projects/:project/environments/:environment/events',
    { config: { permission: 'project:read' }, schema: { params: placeParams } },
    async request => {
      const { project, environment } = request.params
      return selectEventHealth(db, (await findEnvironment(db, project, environment)).id, clock.now())
    },
  )
}
