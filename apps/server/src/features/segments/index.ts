export type { SegmentDeps } from './change-segment.ts'
export { segmentsUsingUnit } from './segment-uses.ts'
export { segmentRoutes } from './segments.routes.ts'
export { selectSegments } from './segments-store.ts'
