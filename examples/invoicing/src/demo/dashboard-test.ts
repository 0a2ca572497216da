/** The A/B test of the dashboard that runs beside the story. */
import type { AdminClient, PutMetric } from '@dimmer/protocol'
import { FLAGS } from '../api/flags.ts'
import { EXPORT_EVENT } from '../api/pdf-route.ts'
import { CREATED_EVENT } from '../api/product-routes.ts'

export interface TestPlace {
  readonly admin: AdminClient
  readonly project: string
  readonly environment: string
}

/** A visit is over in a second; a week, as the sample project has it, would be too long for a demo. */
const WITHIN = 'PT10S'

const METRICS: Readonly<Record<string, PutMetric>> = {
  'invoices-created': { kind: 'mean', name: 'Invoices created', event: CREATED_EVENT, cap: 1_000, within: WITHIN },
  'pdf-exports': { kind: 'mean', name: 'PDF exports', event: EXPORT_EVENT, cap: 1_000, within: WITHIN },
}

/** Has the metrics of the test count what happens within seconds of a user's first look. */
export async function shortenWindows({ admin, project }: TestPlace): Promise<void> {
  for (const [key, metric] of Object.entries(METRICS)) await admin.putMetric(project, key, metric)
}

/** What the test says by now, one sentence per metric. */
export async function readDashboardTest({ admin, project, environment }: TestPlace): Promise<readonly string[]> {
  const place = { project, environment, flag: FLAGS.redesignedDashboard }
  const metrics = Object.keys(METRICS).map(key => ({ key }))
  const reading = await admin.readExperiment(place, { metrics })
  return reading.metrics.flatMap(({ arms }) => arms.map(({ sentence }) => sentence))
}
