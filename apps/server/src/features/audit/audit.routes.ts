import { Readable } from 'node:stream'
import {
  type AuditPage,
  type AuditQuery,
  type AuditVerification,
  auditQuerySchema,
  auditVerifyQuerySchema,
  keySchema,
} from '@dimmer/protocol'
import { z } from 'zod'
import type { App } from '../../http/app-type.ts'
import type { Db } from '../../kernel/database.ts'
import type { Clock } from '../../ports/clock.ts'
import { findProjectId } from '../projects/index.ts'
import { type AuditFilter, type AuditScope, selectEntries } from './audit-store.ts'
import { exportLine, viewEntry } from './audit-views.ts'
import { verifyJournal } from './verify-journal.ts'

export interface AuditDeps {
  readonly db: Db
  readonly clock: Clock
}

const projectParams = z.strictObject({ project: keySchema })
const exportQuerySchema = auditQuerySchema.omit({ before: true, limit: true })
const EXPORT_PAGE = 500

/** A page, and where the next begins. */
async function readPage(db: Db, scope: AuditScope, query: AuditQuery): Promise<AuditPage> {
  const rows = await selectEntries(db, scope, { ...query, limit: query.limit + 1 })
  const shown = rows.slice(0, query.limit)
  const entries = shown.map(viewEntry).filter(entry => entry !== undefined)
  return { entries, next: rows.length > shown.length ? (shown.at(-1)?.seq ?? null) : null }
}

/** All that fits, newest first, page by page: as much is read as the other side takes. */
async function* exportLines(db: Db, scope: AuditScope, filter: AuditFilter): AsyncGenerator<string> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await selectEntries(db, scope, { ...filter, before, limit: EXPORT_PAGE })
    for (const row of rows) yield exportLine(row)
    if (rows.length < EXPORT_PAGE) return
    before = rows.at(-1)?.seq ?? 0
  }
}

/** The audit log: of one project for those who may read it, of everything for whoever runs the installation. */
export function auditRoutes(app: App, deps: AuditDeps): void {
  const { db } = deps
  const ofProject = { config: { permission: 'audit:read' } } as const
  const ofAll = { config: { permission: 'instance:manage' } } as const
  const scopeOf = async (project: string): Promise<AuditScope> => ({ projectId: await findProjectId(db, project) })
  const stream = (scope: AuditScope, filter: AuditFilter) => Readable.from(exportLines(db, scope, filter))

  app.get(
    '/api/v1/projects/:project/audit',
    { ...ofProject, schema: { params: projectParams, querystring: auditQuerySchema } },
    async request => readPage(db, await scopeOf(request.params.project), request.query),
  )

  app.get('/api/v1/audit', { ...ofAll, schema: { querystring: auditQuerySchema } }, request =>
    readPage(db, 'all', request.query),
  )

  app.get(
    '/api/v1/projects/:project/audit/export',
    { ...ofProject, schema: { params: projectParams, querystring: exportQuerySchema } },
    async (request, reply) => reply.type(JSON_LINES).send(stream(await scopeOf(request.params.project), request.query)),
  )

  app.get('/api/v1/audit/export', { ...ofAll, schema: { querystring: exportQuerySchema } }, (request, reply) =>
    reply.type(JSON_LINES).send(stream('all', request.query)),
  )

  verifyRoutes(app, deps)
}

const JSON_LINES = 'application/x-ndjson; charset=utf-8'

/** The chain is one for everything, so each project's readers can have all of it checked. */
function verifyRoutes(app: App, deps: AuditDeps): void {
  let running: Promise<AuditVerification> | undefined
  const verifyOnce = () => {
    running ??= verifyJournal(deps).finally(() => {
      running = undefined
    })
    return running
  }
  const verify = ({ seq, hash }: z.infer<typeof auditVerifyQuerySchema>) =>
    seq === undefined || hash === undefined ? verifyOnce() : verifyJournal(deps, { seq, hash })

  app.get(
    '/api/v1/projects/:project/audit/verify',
    {
      config: { permission: 'audit:read' },
      schema: { params: projectParams, querystring: auditVerifyQuerySchema },
    },
    request => verify(request.query),
  )

  app.get(
    '/api/v1/audit/verify',
    { config: { permission: 'instance:manage' }, schema: { querystring: auditVerifyQuerySchema } },
    request => verify(request.query),
  )
}
