import { everywhereRoleSchema, inviteSchema, keySchema, projectRoleSchema } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { AccessDeps } from './access-deps.ts'
import { invite, listInvitations, withdrawInvitation } from './invitations.ts'
import { listMembers, type ProjectRef, removeMember, setMember } from './members.ts'
import { listPeople, makePasswordLink, removePerson, setDisabled, setEverywhereRole } from './people.ts'

interface MemberRouteDeps extends AccessDeps {
  readonly findProjectId: (projectKey: string) => Promise<string>
}

const projectParams = z.strictObject({ project: keySchema })
const id = z.string().max(100)
const memberParams = projectParams.extend({ person: id })
const invitationParams = projectParams.extend({ id })
const personParams = z.strictObject({ person: id })

/** Who is in a project, and who is invited. */
export function memberRoutes(app: App, deps: MemberRouteDeps): void {
  const manage = { permission: 'member:manage' } as const
  const address = '/api/v1/projects/:project'
  const placeOf = async (request: FastifyRequest<{ Params: { project: string } }>) => {
    const { project: key } = request.params
    const project: ProjectRef = { id: await deps.findProjectId(key), key }
    return { caller: callerOf(request), project }
  }

  app.get(
    `${address}/members`,
    { config: { permission: 'project:read' }, schema: { params: projectParams } },
    async request => listMembers(deps.db, (await placeOf(request)).project),
  )

  app.put(
    `${address}/members/:person`,
    { config: manage, schema: { params: memberParams, body: projectRoleSchema } },
    async request => setMember(deps, { ...(await placeOf(request)), personId: request.params.person }, request.body),
  )

  app.delete(
    `${address}/members/:person`,
    { config: manage, schema: { params: memberParams } },
    async (request, reply) => {
      await removeMember(deps, { ...(await placeOf(request)), personId: request.params.person })
      return reply.code(204).send()
    },
  )

  app.get(`${address}/invitations`, { config: manage, schema: { params: projectParams } }, async request =>
    listInvitations(deps, (await placeOf(request)).project.id),
  )

  app.post(
    `${address}/invitations`,
    { config: manage, schema: { params: projectParams, body: inviteSchema } },
    async (request, reply) => reply.code(201).send(await invite(deps, await placeOf(request), request.body)),
  )

  app.delete(
    `${address}/invitations/:id`,
    { config: manage, schema: { params: invitationParams } },
    async (request, reply) => {
      await withdrawInvitation(deps, await placeOf(request), request.params.id)
      return reply.code(204).send()
    },
  )
}

/** The accounts of all of Dimmer. */
export function peopleRoutes(app: App, deps: AccessDeps): void {
  const config = { permission: 'instance:manage' } as const

  app.get('/api/v1/people', { config }, () => listPeople(deps))

  app.put(
    '/api/v1/people/:person/role',
    { config, schema: { params: personParams, body: everywhereRoleSchema } },
    async request => setEverywhereRole(deps, { actor: request.actor, id: request.params.person }, request.body.role),
  )

  app.post(
    '/api/v1/people/:person/password-link',
    { config, schema: { params: personParams } },
    async (request, reply) => reply.code(201).send(await makePasswordLink(deps, request.actor, request.params.person)),
  )

  for (const [act, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    app.post(`/api/v1/people/:person/${act}`, { config, schema: { params: personParams } }, async request =>
      setDisabled(deps, { actor: request.actor, id: request.params.person }, disabled),
    )
  }

  app.delete('/api/v1/people/:person', { config, schema: { params: personParams } }, async (request, reply) => {
    await removePerson(deps, request.actor, request.params.person)
    return reply.code(204).send()
  })
}
