import { createProjectSchema } from '@dimmer/protocol'
import type { App } from '../../http/app-type.ts'
import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import { createProject } from './create-project.ts'
import { selectProjects } from './projects-store.ts'

export function projectRoutes(app: App, deps: { readonly db: Db; readonly clock: Clock }): void {
  const config = { access: 'admin' } as const

  app.get('/api/v1/projects', { config }, () => selectProjects(deps.db))

  app.post('/api/v1/projects', { config, schema: { body: createProjectSchema } }, async (request, reply) =>
    reply.code(201).send(await createProject(deps, request.body)),
  )
}
