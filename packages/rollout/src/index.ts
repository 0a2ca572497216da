export { type Applied, apply, type Refusal, type RefusalCode, type Transition } from './apply.ts'
export { decide, type Observed } from './decide.ts'
export { type Because, type BecauseCode, type Decision, type DecisionKind, sameBecause } from './decision.ts'
export { parseDuration } from './duration.ts'
export type { Arm, GuardrailFacts, StageFacts, UnitFact } from './facts.ts'
export { judge, judgeAll } from './judge.ts'
export { type PersonRequest, personDecision } from './person-decision.ts'
export type {
  ErrorRateGuardrail,
  Guardrail,
  LatencyGuardrail,
  PlanInput,
  Policy,
  PolicyAction,
  RollBackMode,
  RolloutPlan,
  Stage,
} from './plan.ts'
export { canaryTemplate, DEFAULT_POLICY, withDefaults } from './plan-defaults.ts'
export { progress, type StageProgress, type StageStatus } from './progress.ts'
export { percentNow } from './share.ts'
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
export { type Problem, type ProblemCode, validatePlan } from './validate-plan.ts'
export type { Evidence, PerGroup, SlowShare, Verdict, VerdictKind } from './verdict.ts'
