import { keySchema, readExperimentSchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { findEnvironment } from '../projects/index.ts'
import { type ExperimentDeps, readSplit } from './read-split.ts'

const params = z.strictObject({ project: keySchema, flag: keySchema, environment: keySchema })

export function experimentRoutes(app: App, deps: ExperimentDeps): void {
  app.post(
    '/api/v1/projects/:project/flags/:flag/environments/:environment/experiment',
    { config: { permission: 'project:read' }, schema: { params, body: readExperimentSchema } },
    async request => {
      const { project, flag, environment } = request.params
      return readSplit(deps, { environment: await findEnvironment(deps.db, project, environment), flag }, request.body)
    },
  )
}
