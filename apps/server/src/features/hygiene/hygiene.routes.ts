import { keySchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import { findProjectId } from '../projects/index.ts'
import { reportStaleFlags } from './report-stale-flags.ts'

const staleQuery = z.strictObject({
  days: z.coerce.number().int().min(0).max(3_650).default(14),
  asOf: z.iso.datetime({ offset: true }).exactOptional(),
})

export function hygieneRoutes(app: App, deps: { readonly db: Db; readonly clock: Clock }): void {
  app.get(
    '/api/v1/projects/:project/hygiene/stale',
    {
      config: { permission: 'project:read' },
      schema: { params: z.strictObject({ project: keySchema }), querystring: staleQuery },
    },
    async request => {
      const { days, asOf } = request.query
      const projectId = await findProjectId(deps.db, request.params.project)
      const at = asOf === undefined ? deps.clock.now() : Date.parse(asOf)
      return reportStaleFlags(deps.db, projectId, { days, at })
    },
  )
}
