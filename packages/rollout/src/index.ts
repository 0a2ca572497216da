export { type Applied, apply, type Refusal, type RefusalCode, type Transition } from './apply.ts'
export { decide, type Observed } from './decide.ts'
export { type Because, type BecauseCode, type Decision, type DecisionKind, sameBecause } from './decision.ts'
export { parseDuration } from './duration.ts'
export {
  beginEvidence,
  type ErrorCounts,
  type ErrorEvidence,
  type ErrorLook,
  enterStage,
  foldErrors,
  type MinuteSpread,
  type StageAt,
} from './error-rate/error-evidence.ts'
export { errorMinutesSpread, evidenceOfFacts } from './error-rate/evidence-of-facts.ts'
export type { MinuteCount, MinuteFact } from './error-rate/minute-fact.ts'
export type {
  ArmDefinition,
  ArmOutcome,
  ArmReading,
  ExperimentDefinition,
  ExperimentFacts,
  ExperimentReading,
  MetricReading,
  SegmentReading,
} from './experiments/experiment.ts'
export { readExperiment } from './experiments/read-experiment.ts'
export {
  type Arm,
  type CountFact,
  type CountFacts,
  type CountStage,
  type EventFacts,
  type FactShape,
  type GuardrailFacts,
  type OutcomeFact,
  type OutcomeFacts,
  type OutcomeStage,
  type Sample,
  type SampleFacts,
  type StageBase,
  type StageFacts,
  shapeOf,
  type UnitFact,
} from './facts.ts'
export { eventsJudged, metricOf } from './guardrail-metric.ts'
export { type JudgeOptions, judge, judgeAll } from './judge.ts'
export {
  type ErrorRateMetric,
  type EventField,
  type EventSum,
  type ExternalMetric,
  eventsOf,
  isDefined,
  type LatencyMetric,
  type MetricChoice,
  type MetricDefinition,
  type MetricKind,
  type MetricReference,
  noSuchMetric,
  type RatioMetric,
  type ReachedMetric,
  type RetentionMetric,
  type ReversalMetric,
  type SentimentMetric,
  type SumMetric,
  type TicketsMetric,
  type Worse,
} from './metrics/metric.ts'
export {
  type CatalogueEntry,
  catalogueEntry,
  defineMetric,
  type MetricInput,
  type MetricSettings,
  metricCatalogue,
} from './metrics/metric-catalogue.ts'
export { validateMetric } from './metrics/validate-metric.ts'
export { type PersonRequest, personDecision } from './person-decision.ts'
export type {
  ErrorRateGuardrail,
  Goal,
  Guardrail,
  LatencyGuardrail,
  Limit,
  MetricGuardrail,
  PlanInput,
  Policy,
  PolicyAction,
  RollBackMode,
  RolloutPlan,
  Stage,
} from './plan.ts'
export { canaryTemplate, DEFAULT_POLICY, lookUpMetric, resolveMetrics, withDefaults } from './plan-defaults.ts'
export { type EvidenceNeeded, evidenceNeeded, type RecentTraffic } from './planning/evidence-needed.ts'
export type { Problem, ProblemCode } from './problem.ts'
export { progress, type StageProgress, type StageStatus } from './progress.ts'
export { percentNow, watchedStage } from './share.ts'
export { type StageTemplate, stageTemplates } from './stage-templates.ts'
export type {
  Aborted,
  Begun,
  Completed,
  Paused,
  Phase,
  RolledBack,
  RolloutState,
  RolloutStatus,
  Running,
} from './state.ts'
export { validatePlan } from './validate-plan.ts'
export type { Evidence, PerGroup, SlowShare, Verdict, VerdictKind } from './verdict.ts'
export { oneIn } from './wording.ts'
