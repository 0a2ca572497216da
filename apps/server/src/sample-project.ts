import type { CreateFlag, PutMetric } from '@dimmer/protocol'
import { sql } from 'kysely'
import { createFlag, type FlagDeps } from './features/flags/index.ts'
import { putMetric } from './features/metrics/index.ts'
import { createProject, findProjectId, selectProjects } from './features/projects/index.ts'
import type { Actor } from './kernel/actor.ts'

const PROJECT = { key: 'invoicing', name: 'Invoicing' }
const SETUP: Actor = { kind: 'controller', id: 'setup', name: 'setup' }

/** The five flags of the sample project, one for each thing that flags are for. */
const FLAGS: readonly CreateFlag[] = [
  {
    key: 'new-pdf-engine',
    name: 'New PDF engine',
    description: 'Renders invoices with the new engine. Rolled out by account.',
    type: 'boolean',
    config: {
      on: true,
      rules: [
        {
          id: 'rollout',
          name: 'First accounts',
          share: { unit: 'account', percent: 5 },
          serve: { variant: 'on' },
        },
      ],
    },
  },
  {
    key: 'redesigned-dashboard',
    name: 'Redesigned dashboard',
    description: 'A/B test: half of the users see the new dashboard.',
    type: 'string',
    variants: { classic: 'classic', redesigned: 'redesigned' },
    config: {
      on: true,
      fallthrough: {
        split: {
          unit: 'user',
          arms: [
            { variant: 'classic', weight: 50 },
            { variant: 'redesigned', weight: 50 },
          ],
        },
      },
    },
  },
  {
    key: 'ai-chatbot',
    name: 'AI chatbot',
    description: 'Help chat for accounts on the free plan in the US and in Great Britain.',
    type: 'boolean',
    config: {
      on: true,
      rules: [
        {
          id: 'free-us-gb',
          name: 'Free plan in the US and GB',
          when: {
            all: [
              { attribute: 'plan', op: 'equals', value: 'free' },
              { attribute: 'country', op: 'in', value: ['US', 'GB'] },
            ],
          },
          serve: { variant: 'on' },
        },
      ],
    },
  },
  {
    key: 'bulk-invoice-api',
    name: 'Bulk invoice API',
    description: 'Early access for three enterprise accounts.',
    type: 'boolean',
    config: {
      on: true,
      rules: [
        {
          id: 'early-access',
          name: 'Early access',
          when: { attribute: 'accountId', op: 'in', value: ['acc-00001', 'acc-00002', 'acc-00003'] },
          serve: { variant: 'on' },
        },
      ],
    },
  },
  {
    key: 'maintenance-mode',
    name: 'Maintenance mode',
    description: 'Switch on to close the application for maintenance.',
    type: 'boolean',
    config: { on: false, fallthrough: { variant: 'on' } },
  },
]

/** What its flags are judged by, by key. */
const METRICS: Readonly<Record<string, PutMetric>> = {
  'pdf-error-rate': { kind: 'error-rate', name: 'PDF error rate', event: 'pdf.generated' },
  'pdf-latency': { kind: 'latency', name: 'PDF latency', event: 'pdf.generated' },
  'invoices-created': { kind: 'mean', name: 'Invoices created', event: 'invoice.created', cap: 1_000 },
  'pdf-exports': { kind: 'mean', name: 'PDF exports', event: 'pdf.exported', cap: 1_000 },
  'support-tickets': { kind: 'tickets' },
}

/** Any constant: it names the lock that lets one server at a time look whether there is a project. */
const LOCK = 4_400_002

/** On a database without projects: makes the sample project, with the same salts everywhere. Any number may call it. */
export async function seedSampleProject(deps: FlagDeps): Promise<void> {
  await deps.db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(tx)
    if ((await selectProjects(deps.db)).length > 0) return
    await createProject(deps, PROJECT, SETUP)
    const projectId = await findProjectId(deps.db, PROJECT.key)
    for (const flag of FLAGS) await createFlag(deps, { ...flag, projectId, actor: SETUP, salt: `sample-${flag.key}` })
    const project = { id: projectId, key: PROJECT.key }
    for (const [key, metric] of Object.entries(METRICS)) await putMetric(deps, { project, key, actor: SETUP }, metric)
  })
}
