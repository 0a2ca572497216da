export { type AllocationCount, allocationSlice, sampleRatioLogE } from './allocation/sample-ratio.ts'
export { anytimePValue } from './evidence/anytime-p-value.ts'
export { averageLogE, productLogE } from './evidence/combine-evidence.ts'
export { parseTiltState } from './evidence/parse-tilt-state.ts'
export {
  addSliceToMixture,
  mixtureLogE,
  parseMixture,
  restartMixture,
  type StartTimeMixture,
  startMixture,
} from './evidence/start-time-mixture.ts'
export {
  addSlice,
  addSlices,
  type Direction,
  startTilt,
  type TiltOptions,
  type TiltSlice,
  type TiltState,
  tiltLogE,
} from './evidence/tilt.ts'
export { type TiltGrid, type TiltGridName, tiltGrids } from './evidence/tilt-grids.ts'
export { evenLooks, type LookSpan } from './first-events/even-looks.ts'
export { firstRunAt, type Outcome } from './first-events/first-run.ts'
export {
  type LogRankOptions,
  type LogRankTick,
  logRankLogE,
  logRankRatioSlice,
  logRankSlice,
} from './first-events/log-rank.ts'
export { logRankTicks, type UnitFirstEvent } from './first-events/log-rank-ticks.ts'
export {
  type PlannedRatioSample,
  type PlanningOptions,
  plannedRateSample,
  plannedRatioSample,
  planningFactors,
  type RatioPlan,
} from './planning/planned-sample.ts'
export { type OverLimitCount, quantileLogE, quantileSlice } from './quantiles/absolute-quantile.ts'
export { type EvidenceOptions, type RateCount, rateLogE, rateSlice } from './rates/absolute-rate.ts'
export { type BetaBinomialOptions, betaBinomialLogE } from './rates/beta-binomial.ts'
export { type ClusteredRate, clusteredRate, type UnitTotals } from './rates/clustered-rate.ts'
export { designEffect } from './rates/design-effect.ts'
export { type RateBounds, rateBounds } from './rates/rate-bounds.ts'
export { type RatioOptions, type RatioSlice, ratioLogE, ratioSlice } from './rates/ratio.ts'
export { type RatioBounds, ratioBounds } from './rates/ratio-bounds.ts'
export { ratioEstimate } from './rates/ratio-estimate.ts'
export { eBenjaminiHochberg } from './several/e-benjamini-hochberg.ts'
export { logEThreshold, type WeightedEvidence, weightedBonferroni } from './several/weighted-bonferroni.ts'
export { bucketEdge, bucketIndex, LogHistogram } from './sketch/log-histogram.ts'
export type { LogHistogramData } from './sketch/parse-histogram-data.ts'
