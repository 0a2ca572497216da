import { keySchema, type Permission, planInputSchema, type RolloutAction, rolloutActionSchema } from '@dimmer/protocol'
import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { findProjectId } from '../projects/index.ts'
import { actOnRollout, findRollout, type PersonAt } from './act-on-rollout.ts'
import { approveRollout, viewApprovals } from './approve-rollout.ts'
import type { RolloutDeps } from './carry-out.ts'
import { createRollout } from './create-rollout.ts'
import { selectDecisions, selectRollouts } from './rollouts-store.ts'
import { presentDecision, presentRollout, viewRollout, viewSeries } from './rollouts-views.ts'

const config = { permission: 'project:read' } as const
const projectParams = z.strictObject({ project: keySchema })
const rolloutParams = projectParams.extend({ id: z.string().max(100) })
const filter = z.strictObject({ flag: keySchema.exactOptional(), environment: keySchema.exactOptional() })
const address = '/api/v1/projects/:project/rollouts'

const ACTIONS: readonly RolloutAction[] = ['start', 'pause', 'resume', 'roll-back', 'abort', 'retire']

/** The plan names the environment. */
const make: FastifyContextConfig = {
  permission: 'rollout:run',
  reach: ({ body }) => ({ environment: planInputSchema.parse(body).environment }),
}

/** The rollout knows its environment. */
const configOf = (deps: RolloutDeps, permission: Permission): FastifyContextConfig => ({
  permission,
  reach: async request => {
    const { project, id } = rolloutParams.parse(request.params)
    const { plan } = await findRollout(deps, await findProjectId(deps.db, project), id)
    return { environment: plan.environment }
  },
})

export function rolloutRoutes(app: App, deps: RolloutDeps): void {
  const personAt = async (request: FastifyRequest<{ Params: z.infer<typeof rolloutParams> }>): Promise<PersonAt> => {
    const { project, id } = request.params
    const roleIn = (environment: string) => callerOf(request).roleAt(project, environment)
    return { projectId: await findProjectId(deps.db, project), rolloutId: id, actor: request.actor, roleIn }
  }

  app.get(address, { config, schema: { params: projectParams, querystring: filter } }, async request => {
    const { flag, environment } = request.query
    const rows = await selectRollouts(deps.db, await findProjectId(deps.db, request.params.project))
    const wanted = rows.filter(
      row =>
        (flag === undefined || row.flag_key === flag) &&
        (environment === undefined || row.plan.environment === environment),
    )
    return wanted.map(presentRollout)
  })

  app.post(
    address,
    { config: make, schema: { params: projectParams, body: planInputSchema } },
    async (request, reply) => {
      const { actor } = request
      const row = await createRollout(deps, { projectKey: request.params.project, actor }, request.body)
      return reply.code(201).send(await viewRollout(deps.db, row))
    },
  )

  app.get(`${address}/:id`, { config, schema: { params: rolloutParams } }, async request => {
    const projectId = await findProjectId(deps.db, request.params.project)
    return viewRollout(deps.db, await findRollout(deps, projectId, request.params.id))
  })

  app.get(`${address}/:id/decisions`, { config, schema: { params: rolloutParams } }, async request => {
    const projectId = await findProjectId(deps.db, request.params.project)
    const { id } = await findRollout(deps, projectId, request.params.id)
    return (await selectDecisions(deps.db, id)).map(presentDecision)
  })

  app.get(`${address}/:id/series`, { config, schema: { params: rolloutParams } }, async request => {
    const projectId = await findProjectId(deps.db, request.params.project)
    return viewSeries(deps.db, await findRollout(deps, projectId, request.params.id), deps.clock.now())
  })

  app.get(`${address}/:id/approvals`, { config, schema: { params: rolloutParams } }, async request =>
    viewApprovals(deps, await personAt(request)),
  )

  app.post(
    `${address}/:id/approve`,
    { config: configOf(deps, 'change:approve'), schema: { params: rolloutParams, body: rolloutActionSchema } },
    async request => approveRollout(deps, { ...(await personAt(request)), ...request.body }),
  )

  for (const action of ACTIONS) {
    app.post(
      `${address}/:id/${action}`,
      { config: configOf(deps, 'rollout:run'), schema: { params: rolloutParams, body: rolloutActionSchema } },
      async request => {
        const act = { ...(await personAt(request)), action, ...request.body }
        return viewRollout(deps.db, await actOnRollout(deps, act))
      },
    )
  }
}
