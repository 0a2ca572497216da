export { type SeriesFrame, selectEventSeries } from './event-series.ts'
export { Ingest } from './ingest/ingest.ts'
export { keepEventsHouse } from './ingest/keep-house.ts'
export { assertTracksOnly, metricsRoutes } from './metrics.routes.ts'
export {
  countExposedUnits,
  type Measure,
  type Period,
  type StageWindow,
  selectLastEventAt,
  selectStageFacts,
  type Treatment,
} from './stage-facts.ts'
