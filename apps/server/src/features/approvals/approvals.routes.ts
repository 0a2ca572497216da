import {
  type ApprovalPolicyView,
  applyRequestSchema,
  type ChangeRequestView,
  changeRequestQuerySchema,
  commentSchema,
  createChangeRequestSchema,
  createSegmentRequestSchema,
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
import { assertMay, callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { LIST_BODY_LIMIT } from '../../http/bodies.ts'
import type { Reach } from '../../http/route-permission.ts'
import { type Environment, findEnvironment, findProjectId, selectEnvironmentsOfProject } from '../projects/index.ts'
import { applyRequest } from './apply-request.ts'
import type { ApprovalDeps } from './approval-deps.ts'
import { type RequestRow, selectRequests } from './approvals-store.ts'
import { viewRequest } from './approvals-views.ts'
import { environmentOf, findRequest } from './find-request.ts'
import type { RequestPlace } from './hold-request.ts'
import { setPolicy, viewPolicy } from './policies.ts'
import { editRequest, requestChange, requestSegmentChange } from './request-change.ts'
import { cancelRequest, reviewRequest, scheduleRequest, type Verdict } from './review-request.ts'

const projectParams = z.strictObject({ project: keySchema })
const environmentParams = projectParams.extend({ environment: keySchema })
const flagParams = environmentParams.extend({ flag: keySchema })
const segmentParams = projectParams.extend({ segment: keySchema })
const requestParams = projectParams.extend({ id: z.string().max(100) })
const policyAddress = '/api/v1/projects/:project/environments/:environment/approval-policy'
const address = '/api/v1/projects/:project/change-requests'

type RequestParams = z.infer<typeof requestParams>

const requestAt = async ({ db }: ApprovalDeps, { project, id }: RequestParams): Promise<RequestRow> =>
  findRequest(db, { projectId: await findProjectId(db, project), id })

/** Where a change takes place: that of a segment is everywhere. */
const reachOf = (environment: Environment | undefined): Reach =>
  environment === undefined ? 'everywhere' : { environment: environment.key }

const placeIn = async ({ db }: ApprovalDeps, row: RequestRow): Promise<Environment | undefined> =>
  row.segment_key === null ? environmentOf(db, row) : undefined

/** The request knows where it belongs. */
const permissionIn = (deps: ApprovalDeps, permission: Permission): FastifyContextConfig => ({
  permission,
  reach: async ({ params }) => reachOf(await placeIn(deps, await requestAt(deps, requestParams.parse(params)))),
})

async function placeOf(deps: ApprovalDeps, request: FastifyRequest): Promise<RequestPlace> {
  const params = requestParams.parse(request.params)
  const row = await requestAt(deps, params)
  const environment = await placeIn(deps, row)
  const project = { id: row.project_id, key: params.project }
  return { project, id: row.id, actor: request.actor, ...(environment && { environment }) }
}

/** The same for those who write: who changes segments must be allowed to. */
async function writablePlaceOf(deps: ApprovalDeps, request: FastifyRequest): Promise<RequestPlace> {
  const place = await placeOf(deps, request)
  if (place.environment !== undefined) return place
  assertMay(callerOf(request), 'segment:write', { project: place.project.key, reach: 'everywhere' })
  return place
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

  const review = async (request: FastifyRequest, given: Omit<Verdict, 'roles'>): Promise<ChangeRequestView> => {
    const place = await placeOf(deps, request)
    const caller = callerOf(request)
    const environments = await selectEnvironmentsOfProject(deps.db, place.project.id)
    const roles = Object.fromEntries(environments.map(({ key }) => [key, caller.roleAt(place.project.key, key)]))
    return viewRequest(deps, await reviewRequest(deps, place, { ...given, roles }))
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
    {
      config: writing,
      bodyLimit: LIST_BODY_LIMIT,
      schema: { params: requestParams, body: editChangeRequestSchema },
    },
    async request => viewRequest(deps, await editRequest(deps, await writablePlaceOf(deps, request), request.body)),
  )

  app.post(`${address}/:id/cancel`, { config: writing, schema: { params: requestParams } }, async request =>
    viewRequest(deps, await cancelRequest(deps, await writablePlaceOf(deps, request))),
  )

  app.post(
    `${address}/:id/schedule`,
    { config: writing, schema: { params: requestParams, body: scheduleSchema } },
    async request => {
      const at = request.body.at === null ? null : new Date(request.body.at)
      return viewRequest(deps, await scheduleRequest(deps, await writablePlaceOf(deps, request), at))
    },
  )

  app.post(
    `${address}/:id/apply`,
    { config: writing, schema: { params: requestParams, body: applyRequestSchema } },
    async request =>
      viewRequest(deps, await applyRequest(deps, await writablePlaceOf(deps, request), request.body.revision)),
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

  app.post(
    '/api/v1/projects/:project/segments/:segment/change-requests',
    {
      config: { permission: 'segment:write' },
      bodyLimit: LIST_BODY_LIMIT,
      schema: { params: segmentParams, body: createSegmentRequestSchema },
    },
    async (request, reply) => {
      const { project: key, segment } = request.params
      const place = { project: { id: await findProjectId(deps.db, key), key }, actor: request.actor }
      return reply
        .code(201)
        .send(await viewRequest(deps, await requestSegmentChange(deps, { place, segment }, request.body)))
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
    viewRequest(deps, await requestAt(deps, request.params)),
  )

  writeRoutes(app, deps)
  reviewRoutes(app, deps)
}
