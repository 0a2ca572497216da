export { type ArmCount, fixedAllocationLogE } from './allocation/fixed-allocation.ts'
export { type AllocationCount, allocationSlice, sampleRatioLogE } from './allocation/sample-ratio.ts'
export {
  type DriftedSum,
  mixturePrecision,
  normalMixtureBoundary,
  normalMixtureLogE,
  type Sides,
} from './asymptotic/normal-mixture.ts'
export { type SequentialSample, sequentialHalfWidth } from './asymptotic/sequential-half-width.ts'
export {
  type AsymptoticEstimate,
  type AsymptoticOptions,
  type StratumEstimate,
  stratifiedMean,
} from './asymptotic/stratified-mean.ts'
export { type CountSlice, countLogE } from './counts/count-against-limit.ts'
export { anytimePValue } from './evidence/anytime-p-value.ts'
export { averageLogE, productLogE, startsLogE } from './evidence/combine-evidence.ts'
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
export { type BoundedMeanOptions, boundedMeanLogE } from './means/bounded-mean.ts'
export { labelBettingLogE, type ScoredUnit } from './means/label-betting.ts'
export {
  type PlannedRatioSample,
  type PlanningOptions,
  plannedRateSample,
  plannedRatioSample,
  planningFactors,
  type RatioPlan,
} from './planning/planned-sample.ts'
export { type OverLimitCount, quantileLogE, quantileSlice } from './quantiles/absolute-quantile.ts'
export { alignHistograms } from './quantiles/align-histograms.ts'
export {
  type AlignedCounts,
  type QuantileRatioEvidence,
  type QuantileRatioOptions,
  quantileRatioLogE,
} from './quantiles/quantile-against-control.ts'
export { type QuantileRanks, type QuantileSample, quantileRanks } from './quantiles/quantile-ranks.ts'
export { type EvidenceOptions, type RateCount, rateLogE, rateSlice } from './rates/absolute-rate.ts'
export { type BetaBinomialOptions, betaBinomialLogE } from './rates/beta-binomial.ts'
export { betaBinomialBounds } from './rates/beta-binomial-bounds.ts'
export { type ClusteredRate, clusteredRate, type UnitTotals } from './rates/clustered-rate.ts'
export { type CohortBlock, cohortBlocksLogE } from './rates/cohort-blocks.ts'
export { designEffect } from './rates/design-effect.ts'
export { type AssignedOutcome, type DifferenceOptions, differenceLogE } from './rates/difference.ts'
export {
  historyWeight,
  type MinuteSample,
  minuteDesignEffect,
  type StageShare,
  type UnitStageMinutes,
} from './rates/minute-design-effect.ts'
export { failuresRatio, minuteRecurrence, minutesRatio } from './rates/minute-recurrence.ts'
export { type RateBounds, rateBounds } from './rates/rate-bounds.ts'
export { type RatioOptions, type RatioSlice, ratioLogE, ratioSlice } from './rates/ratio.ts'
export { type RatioBounds, ratioBounds } from './rates/ratio-bounds.ts'
export { ratioEstimate } from './rates/ratio-estimate.ts'
export { eBenjaminiHochberg } from './several/e-benjamini-hochberg.ts'
export { logEThreshold, type WeightedEvidence, weightedBonferroni } from './several/weighted-bonferroni.ts'
export { bucketEdge, bucketIndex, LogHistogram } from './sketch/log-histogram.ts'
export type { LogHistogramData } from './sketch/parse-histogram-data.ts'
export {
  addToTable,
  parseRatioTable,
  type RatioEpoch,
  type RatioTable,
  restartTable,
  startTable,
  tableEstimate,
  tableSlices,
} from './tables/ratio-table.ts'
export { restartedEvidence, restartedLogE, type TableTest, tableLogE } from './tables/table-evidence.ts'
