export { type SeriesFrame, selectEventSeries } from './event-series.ts'
export { settledSeq } from './facts/settled-seq.ts'
export { Ingest } from './ingest/ingest.ts'
export { keepEventsHouse } from './ingest/keep-house.ts'
export { metricsRoutes } from './metrics.routes.ts'
export { type Assignment, selectAssignments } from './select-assignments.ts'
export {
  countExposedUnits,
  type Measure,
  type Period,
  type StageWindow,
  selectLastEventAt,
  selectStageFacts,
  type Treatment,
} from './stage-facts.ts'
