export { type AuditDeps, auditRoutes } from './audit.routes.ts'
