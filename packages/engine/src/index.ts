export type { Attributes } from './attributes.ts'
export { BUCKETS, bucketOf, splitSalt } from './bucketing.ts'
export type { CompileOptions } from './compile.ts'
export { compile } from './compile.ts'
export type { CompiledFlag } from './compiled-flag.ts'
export { segmentsOf } from './conditions.ts'
export { evaluate } from './evaluate.ts'
export type { Evaluation, EvaluationErrorCode, Reason } from './evaluation.ts'
export { explain } from './explain.ts'
export type {
  ConditionStep,
  Explanation,
  ExplanationStep,
  PrerequisiteStep,
  RuleStep,
  ScheduleStep,
  ShareStep,
  SplitStep,
} from './explanation.ts'
export type { DirectoryAccount, DirectoryUser } from './forecast/directory.ts'
export { Directory } from './forecast/directory.ts'
export type { ForecastInput, ForecastOptions } from './forecast/forecast.ts'
export { Forecast, forecast, forecastInSteps } from './forecast/forecast.ts'
export type * from './forecast/forecast-types.ts'
export type { ForecastProgress } from './forecast/probe.ts'
export type {
  BuiltInUnit,
  Condition,
  Context,
  Flag,
  FlagKey,
  FlagType,
  Hash,
  HashSchemeName,
  Json,
  Operator,
  Prerequisite,
  Rule,
  RuleId,
  Ruleset,
  Segment,
  SegmentKey,
  Serve,
  Share,
  Split,
  SplitArm,
  Test,
  UnitList,
  UnitName,
  VariantKey,
} from './model.ts'
export { BUILT_IN_UNITS } from './model.ts'
export { murmur3 } from './murmur3.ts'
export type { OpenFeatureErrorCode, OpenFeatureReason, OpenFeatureResolution } from './openfeature.ts'
export { openFeatureReason } from './openfeature.ts'
export type { OperatorDefinition } from './operators.ts'
export { operatorDefinition } from './operators.ts'
export type { RulesetPatch } from './patch.ts'
export { applyPatch, diffRulesets } from './patch.ts'
export { withoutAttributes } from './private-attributes.ts'
export type { Problem, ProblemCode, SnapshotProblem } from './problem.ts'
export type { RegexCompiler } from './regex.ts'
export type { RuleBoundary } from './schedule.ts'
export { ruleBoundaries } from './schedule.ts'
export type { Snapshot } from './snapshot.ts'
export type { UnitReader } from './units.ts'
export { unitAttribute, unitReader } from './units.ts'
export type { Siblings } from './validate.ts'
export { validateFlag, validateRuleset } from './validate.ts'
