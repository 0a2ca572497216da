export {
  assertUnchangedSince,
  findSegmentRow,
  type GuardedSegment,
  type GuardSegment,
  patchedIn,
  patchSegmentIn,
  type SegmentDeps,
  type SegmentPlace,
} from './change-segment.ts'
export { segmentsNaming, segmentsUsingUnit } from './segment-uses.ts'
export { segmentRoutes } from './segments.routes.ts'
export { digestOf, partsOf, patched as patchedSegment, presentParts } from './segments-rules.ts'
export { type SegmentRow, selectSegmentRows, selectSegmentShapes, selectSegments, withIds } from './segments-store.ts'
