export { experimentRoutes } from './experiments.routes.ts'
