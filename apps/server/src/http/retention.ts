import type { RetentionView } from '@dimmer/protocol'
import type { Retention } from '../config.ts'
import type { App } from './app-type.ts'

/** How long things are kept, for the page about privacy. Only whoever starts the server can change it. */
export function retentionRoute(app: App, { eventsDays, batchIdsDays, looksDays }: Retention): void {
  app.get(
    '/api/v1/retention',
    { config: { permission: 'signed-in' } },
    (): RetentionView => ({ eventsDays, batchIdsDays, looksDays: looksDays ?? null }),
  )
}
