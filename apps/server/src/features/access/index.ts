export { type AccessRouteDeps, accessRoutes } from './access.routes.ts'
export { authenticate } from './authenticate.ts'
export { SdkKeys } from './sdk-keys.ts'
