import {
  createFlagSchema,
  type FlagChanged,
  keySchema,
  putFlagConfigSchema,
  setShareSchema,
  switchFlagSchema,
  updateFlagSchema,
} from '@dimmer/protocol'
import type { FastifyContextConfig } from 'fastify'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { AppError } from '../../kernel/errors.ts'
import { findEnvironment, findProjectId } from '../projects/index.ts'
import { archiveFlag } from './archive-flag.ts'
import { type ConfigChange, changeConfig, type FlagDeps, findFlag } from './change-config.ts'
import { createFlag } from './create-flag.ts'
import { withShare } from './flags-rules.ts'
import { viewFlag, viewFlags } from './flags-views.ts'
import { updateFlag } from './update-flag.ts'

const read = { permission: 'project:read' } as const
const write = { permission: 'flag:write' } as const
/** Changes what no SDK gets to see. */
const describe = { permission: 'flag:write', reach: 'project' } as const
const hasConfig = (body: unknown): boolean => typeof body === 'object' && body !== null && 'config' in body

/** A flag that is off everywhere changes nothing for anybody; one with a config does, in every environment. */
const create: FastifyContextConfig = {
  permission: 'flag:write',
  reach: ({ body }) => (hasConfig(body) ? 'everywhere' : 'project'),
}
const projectParams = z.strictObject({ project: keySchema })
const flagParams = projectParams.extend({ flag: keySchema })
const configParams = flagParams.extend({ environment: keySchema })
const ruleParams = configParams.extend({ rule: keySchema })
const flagsAddress = '/api/v1/projects/:project/flags'
const configAddress = `${flagsAddress}/:flag/environments/:environment`

export type FlagPlaceParams = z.infer<typeof configParams>

/** Carries a change out and answers with the flag as it is then. */
export async function changeAndShow(
  deps: FlagDeps,
  place: FlagPlaceParams,
  change: Omit<ConfigChange, 'environment' | 'flagKey' | 'owner'>,
): Promise<FlagChanged> {
  const environment = await findEnvironment(deps.db, place.project, place.environment)
  const { patch } = await changeConfig(deps, { environment, flagKey: place.flag, ...change })
  const flag = await viewFlag(deps.db, await findFlag(deps.db, environment.projectId, place.flag))
  return { flag, environment: environment.key, version: patch.to }
}

function flagCrudRoutes(app: App, deps: FlagDeps): void {
  app.get(flagsAddress, { config: read, schema: { params: projectParams } }, async request =>
    viewFlags(deps.db, await findProjectId(deps.db, request.params.project)),
  )

  app.post(
    flagsAddress,
    { config: create, schema: { params: projectParams, body: createFlagSchema } },
    async (request, reply) => {
      const projectId = await findProjectId(deps.db, request.params.project)
      return reply.code(201).send(await createFlag(deps, { ...request.body, projectId, actor: request.actor }))
    },
  )

  app.get(`${flagsAddress}/:flag`, { config: read, schema: { params: flagParams } }, async request => {
    const projectId = await findProjectId(deps.db, request.params.project)
    return viewFlag(deps.db, await findFlag(deps.db, projectId, request.params.flag))
  })

  app.patch(
    `${flagsAddress}/:flag`,
    { config: describe, schema: { params: flagParams, body: updateFlagSchema } },
    async request => {
      const projectId = await findProjectId(deps.db, request.params.project)
      return updateFlag(deps, { projectId, flagKey: request.params.flag, actor: request.actor }, request.body)
    },
  )

  app.delete(`${flagsAddress}/:flag`, { config: write, schema: { params: flagParams } }, async request => {
    const projectId = await findProjectId(deps.db, request.params.project)
    return archiveFlag(deps, { projectId, flagKey: request.params.flag, actor: request.actor })
  })
}

export function flagRoutes(app: App, deps: FlagDeps): void {
  flagCrudRoutes(app, deps)

  app.put(
    configAddress,
    { config: write, schema: { params: configParams, body: putFlagConfigSchema } },
    async request => {
      const { ifVersion, ...after } = request.body
      return changeAndShow(deps, request.params, {
        actor: request.actor,
        change: () => after,
        ...(ifVersion === undefined ? {} : { ifVersion }),
      })
    },
  )

  app.post(
    `${configAddress}/switch`,
    { config: write, schema: { params: configParams, body: switchFlagSchema } },
    async request =>
      changeAndShow(deps, request.params, {
        actor: request.actor,
        change: before => ({ ...before, on: request.body.on }),
      }),
  )

  app.put(
    `${configAddress}/rules/:rule/share`,
    { config: write, schema: { params: ruleParams, body: setShareSchema } },
    async request => {
      const { rule, ...place } = request.params
      return changeAndShow(deps, place, {
        actor: request.actor,
        change: before => {
          const after = withShare(before, rule, request.body)
          if (after !== undefined) return after
          throw new AppError('rule-not-found', `The flag has no rule "${rule}" in ${place.environment}.`)
        },
      })
    },
  )
}
