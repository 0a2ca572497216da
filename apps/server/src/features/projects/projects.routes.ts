import { createProjectSchema } from '@dimmer/protocol'
import { callerOf } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import { createProject } from './create-project.ts'
import { selectProjects } from './projects-store.ts'

export function projectRoutes(app: App, deps: { readonly db: Db; readonly clock: Clock }): void {
  app.get('/api/v1/projects', { config: { permission: 'signed-in' } }, async request => {
    const { knows } = callerOf(request)
    return (await selectProjects(deps.db)).filter(({ key }) => knows(key))
  })

  app.post(
    '/api/v1/projects',
    { config: { permission: 'instance:manage' }, schema: { body: createProjectSchema } },
    async (request, reply) => reply.code(201).send(await createProject(deps, request.body, request.actor)),
  )
}
