export type { ConnectionDeps } from './change-connections.ts'
export { noConnection } from './change-connections.ts'
export { connectionRoutes } from './connections.routes.ts'
export {
  type ConnectionRow,
  noteHealth,
  selectConnection,
  selectConnectionById,
  selectConnections,
  selectConnectionsOfKind,
} from './connections-store.ts'
