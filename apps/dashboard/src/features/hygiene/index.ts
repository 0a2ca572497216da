export { staleQuery } from './hygiene-queries.ts'
export { StaleBadge } from './stale-badge.tsx'
export { StaleFlags } from './stale-report.tsx'
