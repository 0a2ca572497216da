export { type DeliveryRouteDeps, deliveryRoutes } from './delivery.routes.ts'
export { Delivery } from './delivery.ts'
export { ofrepRoutes } from './ofrep.routes.ts'
export { type SdkRouteDeps, sdkRoutes } from './sdk.routes.ts'
