export { applyDue } from './apply-request.ts'
export type { ApprovalDeps } from './approval-deps.ts'
export { approvalRoutes } from './approvals.routes.ts'
export { guardChange, guardStart } from './guard-changes.ts'
