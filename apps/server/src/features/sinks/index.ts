export { eraseTold } from './erase-told.ts'
export { sinkRoutes } from './sinks.routes.ts'
export { tellSinks } from './tell-sinks.ts'
