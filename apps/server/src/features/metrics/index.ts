export { type SeriesFrame, selectEventSeries } from './event-series.ts'
export { forgetOldBatches, type IngestDeps } from './ingest-events.ts'
export { metricsRoutes } from './metrics.routes.ts'
export {
  countExposedUnits,
  type Measure,
  type Period,
  type StageWindow,
  selectLastEventAt,
  selectStageFacts,
  type Treatment,
} from './stage-facts.ts'
