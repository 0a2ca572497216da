export { AuditLog } from './audit-log.tsx'
export { ChainState } from './chain-state.tsx'
