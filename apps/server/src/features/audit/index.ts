export { type AuditDeps, auditRoutes } from './audit.routes.ts'
export { checkExport, ExportLineError } from './check-export.ts'
export { verifyJournal } from './verify-journal.ts'
