export { type AccessRouteDeps, accessRoutes } from './access.routes.ts'
export { SdkKeys } from './sdk-keys.ts'
