export { hygieneRoutes } from './hygiene.routes.ts'
export { reportStaleFlags } from './report-stale-flags.ts'
