import { keySchema } from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import { journal } from '../../kernel/journal.ts'
import { findEnvironment, projectOf } from '../projects/index.ts'
import { findSink, retryUndelivered } from './retry-undelivered.ts'
import { selectDeadLetters, viewDeadLetter } from './sinks-store.ts'
import type { SinkDeps } from './tell-sinks.ts'

const place = z.strictObject({ project: keySchema, environment: keySchema, connection: keySchema })
const address = '/api/v1/projects/:project/environments/:environment/connections/:connection/undelivered'
const SHOWN = 100

export function sinkRoutes(app: App, deps: SinkDeps): void {
  app.get(address, { config: { permission: 'directory:read' }, schema: { params: place } }, async request => {
    const { project, environment, connection } = request.params
    const sink = await findSink(deps, await findEnvironment(deps.db, project, environment), connection)
    return (await selectDeadLetters(deps.db, sink.id, SHOWN)).map(viewDeadLetter)
  })

  app.post(
    `${address}/retry`,
    { config: { permission: 'project:manage' }, schema: { params: place } },
    async request => {
      const { params, actor } = request
      const environment = await findEnvironment(deps.db, params.project, params.environment)
      const went = await retryUndelivered(deps, await findSink(deps, environment, params.connection))
      await deps.db.transaction().execute(tx =>
        journal(tx, {
          actor,
          at: new Date(deps.clock.now()),
          verb: 'apply',
          object: { kind: 'connection', key: params.connection },
          project: projectOf(environment),
          environment: environment.key,
          after: went,
        }),
      )
      return went
    },
  )
}
