export { hygieneRoutes } from './hygiene.routes.ts'
