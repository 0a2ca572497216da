import {
  type ApprovalPolicyView,
  applyRequestSchema,
  type ChangeRequestView,
  changeRequestQuerySchema,
  commentSchema,
  createChangeRequestSchema,
  editChangeRequestSchema,
  keySchema,
  type Permission,
  putApprovalPolicySchema,
  rejectSchema,
  reviewSchema,
  scheduleSchema,
} from '@dimmer/protocol'
import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { AppError } from '../../kernel/errors.ts'
import { findEnvironment, findProjectId, selectEnvironmentById } from '../projects/index.ts'
import { applyRequest } from './apply-request.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { type RequestRow, selectRequest, selectRequests } from './approvals-store.ts'
import { viewRequest } from './approvals-views.ts'
import { setPolicy, viewPolicy } from './policies.ts'
import { editRequest, type RequestPlace, requestChange } from './request-change.ts'
import { cancelRequest, reviewRequest, scheduleRequest } from './review-request.ts'

const projectParams = z.strictObject({ project: keySchema })
const environmentParams = projectParams.extend({ environment: keySchema })
const flagParams = environmentParams.extend({ flag: keySchema })
const requestParams = projectParams.extend({ id: z.string().max(100) })
const policyAddress = '/api/v1/projects/:project/environments/:environment/approval-policy'
const address = '/api/v1/projects/:project/change-requests'

async function findRequest(deps: ApprovalDeps, params: z.infer<typeof requestParams>): Promise<RequestRow> {
  const row = await selectRequest(deps.db, await findProjectId(deps.db, params.project), params.id)
  if (row !== undefined) return row
  throw new AppError('change-request-not-found', `There is no change request "${params.id}" in this project.`)
}

async function environmentOf(deps: ApprovalDeps, row: RequestRow) {
  const environment = await selectEnvironmentById(deps.db, row.environment_id)
  if (environment !== undefined) return environment
  throw new AppError('environment-not-found', 'The environment of this change request is gone.')
}

/** The request knows its environment. */
const permissionIn = (deps: ApprovalDeps, permission: Permission): FastifyContextConfig => ({
  permission,
  reach: async ({ params }) => {
    const row = await findRequest(deps, requestParams.parse(params))
    return { environment: (await environmentOf(deps, row)).key }
  },
})

async function placeOf(deps: ApprovalDeps, request: FastifyRequest): Promise<RequestPlace> {
  const row = await findRequest(deps, requestParams.parse(request.params))
  return { environment: await environmentOf(deps, row), id: row.id, actor: request.actor }
}

function policyRoutes(app: App, deps: ApprovalDeps): void {
  app.get(
    policyAddress,
    { config: { permission: 'project:read' }, schema: { params: environmentParams } },
    async (request): Promise<ApprovalPolicyView> =>
      viewPolicy(deps, await findEnvironment(deps.db, request.params.project, request.params.environment)),
  )

  app.put(
    policyAddress,
    {
      config: { permission: 'project:manage' },
      schema: { params: environmentParams, body: putApprovalPolicySchema },
    },
    async request => {
      const environment = await findEnvironment(deps.db, request.params.project, request.params.environment)
      return setPolicy(deps, { environment, actor: request.actor }, request.body.policy)
    },
  )
}

function reviewRoutes(app: App, deps: ApprovalDeps): void {
  const approving = permissionIn(deps, 'change:approve')

  const review = async (
    request: FastifyRequest,
    given: Omit<Parameters<typeof reviewRequest>[2], 'role'>,
  ): Promise<ChangeRequestView> => {
    const place = await placeOf(deps, request)
    const role = callerOf(request).roleAt(place.environment.projectKey, place.environment.key)
    return viewRequest(deps, await reviewRequest(deps, place, { ...given, role }))
  }

  app.post(
    `${address}/:id/approve`,
    { config: approving, schema: { params: requestParams, body: reviewSchema } },
    request => review(request, { verdict: 'approve', ...request.body }),
  )

  app.post(
    `${address}/:id/reject`,
    { config: approving, schema: { params: requestParams, body: rejectSchema } },
    request => review(request, { verdict: 'reject', ...request.body }),
  )

  app.post(
    `${address}/:id/comment`,
    { config: approving, schema: { params: requestParams, body: commentSchema } },
    request => review(request, { verdict: 'comment', ...request.body }),
  )
}

function writeRoutes(app: App, deps: ApprovalDeps): void {
  const writing = permissionIn(deps, 'flag:write')

  app.put(
    `${address}/:id`,
    { config: writing, schema: { params: requestParams, body: editChangeRequestSchema } },
    async request => viewRequest(deps, await editRequest(deps, await placeOf(deps, request), request.body)),
  )

  app.post(`${address}/:id/cancel`, { config: writing, schema: { params: requestParams } }, async request =>
    viewRequest(deps, await cancelRequest(deps, await placeOf(deps, request))),
  )

  app.post(
    `${address}/:id/schedule`,
    { config: writing, schema: { params: requestParams, body: scheduleSchema } },
    async request => {
      const at = request.body.at === null ? null : new Date(request.body.at)
      return viewRequest(deps, await scheduleRequest(deps, await placeOf(deps, request), at))
    },
  )

  app.post(
    `${address}/:id/apply`,
    { config: writing, schema: { params: requestParams, body: applyRequestSchema } },
    async request => viewRequest(deps, await applyRequest(deps, await placeOf(deps, request), request.body.revision)),
  )
}

export function approvalRoutes(app: App, deps: ApprovalDeps): void {
  const reading = { permission: 'project:read' } as const

  policyRoutes(app, deps)

  app.post(
    '/api/v1/projects/:project/flags/:flag/environments/:environment/change-requests',
    { config: { permission: 'flag:write' }, schema: { params: flagParams, body: createChangeRequestSchema } },
    async (request, reply) => {
      const { project, flag, environment: key } = request.params
      const environment = await findEnvironment(deps.db, project, key)
      const place = { environment, flagKey: flag, actor: request.actor }
      return reply.code(201).send(await viewRequest(deps, await requestChange(deps, place, request.body)))
    },
  )

  app.get(
    address,
    { config: reading, schema: { params: projectParams, querystring: changeRequestQuerySchema } },
    async request => {
      const { project } = request.params
      const { environment: key, ...query } = request.query
      const projectId = await findProjectId(deps.db, project)
      const place = key === undefined ? {} : { environmentId: (await findEnvironment(deps.db, project, key)).id }
      const rows = await selectRequests(deps.db, projectId, { ...query, ...place })
      return Promise.all(rows.map(row => viewRequest(deps, row)))
    },
  )

  app.get(`${address}/:id`, { config: reading, schema: { params: requestParams } }, async request =>
    viewRequest(deps, await findRequest(deps, request.params)),
  )

  writeRoutes(app, deps)
  reviewRoutes(app, deps)
}
