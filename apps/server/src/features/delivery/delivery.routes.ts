import { explain } from '@dimmer/engine'
import { explainRequestSchema, type KillAnswer, keySchema } from '@dimmer/protocol'
import { z } from 'zod'
import { callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { openSse } from '../../http/sse.ts'
import { changeAndShow, type FlagDeps } from '../flags/index.ts'
import { findEnvironment, findProjectId } from '../projects/index.ts'
import type { Dashboards } from './dashboards.ts'
import type { Feeds } from './feeds.ts'
import type { Heartbeats } from './heartbeats.ts'
import type { Instances } from './instances.ts'

export interface DeliveryRouteDeps extends FlagDeps {
  readonly feeds: Feeds
  readonly instances: Instances
  readonly heartbeats: Heartbeats
  readonly dashboards: Dashboards
}

const config = { permission: 'project:read' } as const
const projectParams = z.strictObject({ project: keySchema })
const environmentParams = projectParams.extend({ environment: keySchema })
const flagParams = environmentParams.extend({ flag: keySchema })
const LONGEST_WAIT_MS = 10_000
/** "2s", "500ms". */
const waitSchema = z
  .string()
  .regex(/^\d{1,5}(ms|s)$/, 'must be like 2s or 500ms')
  .transform(text => Number.parseInt(text, 10) * (text.endsWith('ms') ? 1 : 1_000))
  .pipe(z.number().max(LONGEST_WAIT_MS, 'must be 10s at the most'))
const waitQuery = z.strictObject({
  wait: waitSchema.exactOptional(),
  waitMs: z.coerce.number().int().min(0).max(LONGEST_WAIT_MS).default(2_000),
})
const versionQuery = z.strictObject({ version: z.coerce.number().int().min(0).exactOptional() })
const environmentAddress = '/api/v1/projects/:project/environments/:environment'

export function deliveryRoutes(app: App, deps: DeliveryRouteDeps): void {
  app.post(
    '/api/v1/projects/:project/flags/:flag/environments/:environment/kill',
    { config: { permission: 'flag:kill' }, schema: { params: flagParams, querystring: waitQuery } },
    async (request): Promise<KillAnswer> => {
      const place = request.params
      const changed = await changeAndShow(deps, place, {
        actor: request.actor,
        verb: 'kill',
        flagged: 'kill',
        change: before => ({ ...before, on: false }),
      })
      const { id, key } = await findEnvironment(deps.db, place.project, place.environment)
      const at = { id, key, version: changed.version }
      return { ...changed, receipts: await deps.instances.waitFor(at, request.query.wait ?? request.query.waitMs) }
    },
  )

  app.get(`${environmentAddress}/instances`, { config, schema: { params: environmentParams } }, async request => {
    const { id } = await findEnvironment(deps.db, request.params.project, request.params.environment)
    return deps.instances.list(id)
  })

  app.get(
    `${environmentAddress}/receipts`,
    { config, schema: { params: environmentParams, querystring: versionQuery } },
    async request => {
      const { id, key, version } = await findEnvironment(deps.db, request.params.project, request.params.environment)
      return deps.instances.summary(id, key, request.query.version ?? version)
    },
  )

  app.post(
    `${environmentAddress}/explain`,
    { config, schema: { params: environmentParams, body: explainRequestSchema } },
    async request => {
      const { id } = await findEnvironment(deps.db, request.params.project, request.params.environment)
      const feed = await deps.feeds.feed(id)
      return explain(feed.snapshot, request.body.flag, request.body.context, deps.clock.now())
    },
  )

  app.get(
    '/api/v1/projects/:project/live',
    { config, exposeHeadRoute: false, schema: { params: projectParams } },
    async (request, reply) => {
      await findProjectId(deps.db, request.params.project)
      const onClose = () => {
        deps.dashboards.remove(request.params.project, connection)
        deps.heartbeats.remove(connection)
      }
      const connection = openSse(request, reply, { audience: 'dashboard', onClose })
      deps.heartbeats.add(connection, callerOf(request).sessionId)
      deps.dashboards.add(request.params.project, connection)
      return reply
    },
  )
}
