import { type EventBatch, eventBatchesSchema, eventBatchSchema, keySchema } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sdkCaller } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import { findEnvironment } from '../projects/index.ts'
import { selectEventHealth } from './event-health.ts'
import type { Ingest } from './ingest/ingest.ts'
import { believe, eventsAnswer, noteRefused, type SortedEvents, sortOut } from './ingest/sort-events.ts'

/**
 * What a request to one of the addresses for events brings. They have `attachValidation`, so that one event that is not
 * valid doesn't take the others with it.
 */
function eventsOf(request: FastifyRequest<{ Body: EventBatch }>): SortedEvents {
  const { validationError: error } = request
  if (error === undefined) return { batch: request.body, refused: [] }
  const sorted = error.validationContext === 'body' ? sortOut(request.body) : undefined
  if (sorted === undefined) throw error
  return sorted
}

/** The same from an SDK: without what its key may not say. */
export function sdkEventsOf(request: FastifyRequest<{ Body: EventBatch }>, now: number): SortedEvents {
  const { batch, refused } = eventsOf(request)
  const believed = believe(sdkCaller(request), batch, now)
  return { batch: believed.batch, refused: [...refused, ...believed.refused] }
}

const attachValidation = true
const placeParams = z.strictObject({ project: keySchema, environment: keySchema })

export interface MetricsRouteDeps {
  readonly db: Db
  readonly clock: Clock
  readonly ingest: Ingest
  /** How many evaluations a batch tells of. */
  readonly onEvaluations?: (count: number) => void
}

export function metricsRoutes(app: App, deps: MetricsRouteDeps): void {
  const { db, clock, ingest } = deps
  const take = async (caller: Parameters<Ingest['take']>[0], sorted: SortedEvents) => {
    const batch = noteRefused(sorted)
    const { duplicate } = await ingest.take(caller, batch)
    if (!duplicate) deps.onEvaluations?.(batch.exposures.reduce((sum, { count }) => sum + count, 0))
    return eventsAnswer(duplicate, sorted.refused)
  }

  // The second address is for servers without an SDK.
  for (const address of ['/sdk/v1/events', '/api/v1/events']) {
    const config = { permission: 'any-key' } as const
    app.post(address, { config, attachValidation, schema: { body: eventBatchSchema } }, async (request, reply) => {
      const answer = await take(sdkCaller(request), sdkEventsOf(request, clock.now()))
      return reply.code(202).send(answer)
    })
  }

  app.post(
    '/sdk/v1/event-batches',
    { config: { permission: 'any-key' }, schema: { body: eventBatchesSchema } },
    async (request, reply) => {
      const caller = sdkCaller(request)
      const { batches } = request.body
      const believed = batches.map(batch => believe(caller, batch, clock.now()))
      const answers = await Promise.all(believed.map(sorted => take(caller, sorted)))
      const duplicate = answers.every(answer => answer.duplicate)
      return reply.code(202).send(eventsAnswer(duplicate, []))
    },
  )

  app.post(
    '/api/v1/projects/:project/environments/:environment/events',
    {
      config: { permission: 'metric:write' },
      attachValidation,
      schema: { params: placeParams, body: eventBatchSchema },
    },
    async (request, reply) => {
      const sorted = eventsOf(request)
      const { project, environment } = request.params
      const { id: environmentId, projectId } = await findEnvironment(db, project, environment)
      return reply.code(202).send(await take({ environmentId, projectId }, sorted))
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
