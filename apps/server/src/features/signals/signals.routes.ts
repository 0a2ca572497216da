import { keySchema } from '@dimmer/protocol'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { csvBody } from '../../http/bodies.ts'
import { findEnvironment } from '../projects/index.ts'
import { type SignalDeps, takeTicket } from './take-ticket.ts'
import { uploadTickets } from './upload-tickets.ts'

const CSV_LIMIT = 16 * 1024 * 1024
const place = z.strictObject({ project: keySchema, environment: keySchema })
const hookParams = z.strictObject({ connection: z.string().max(100) })
const rawBody = z.custom<Buffer>(body => Buffer.isBuffer(body), 'The message has no body.')

export function signalRoutes(app: App, deps: SignalDeps): void {
  app.post(
    '/api/v1/projects/:project/environments/:environment/tickets/csv',
    { config: { permission: 'metric:write' }, bodyLimit: CSV_LIMIT, schema: { params: place, body: csvBody } },
    async ({ params, actor, body }) => {
      const environment = await findEnvironment(deps.db, params.project, params.environment)
      return uploadTickets(deps, { environment, actor }, body)
    },
  )

  // Who calls here is known by the signature over the bytes, so they are left as they came.
  app.register(async plain => {
    const hooks = plain.withTypeProvider<ZodTypeProvider>()
    hooks.removeAllContentTypeParsers()
    hooks.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body)
    hooks.post(
      '/hooks/v1/tickets/:connection',
      { config: { permission: 'public' }, schema: { params: hookParams, body: rawBody, hide: true } },
      async ({ params, headers, body }, reply) =>
        reply.code(202).send(await takeTicket(deps, params.connection, { headers, body })),
    )
  })
}
