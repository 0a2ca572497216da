export type { Because, BecauseCode, Decision, DecisionKind } from './decision.ts'
export { sameBecause } from './decision.ts'
export { parseDuration } from './duration.ts'
export type { Arm, GuardrailFacts, StageFacts, UnitFact } from './facts.ts'
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
export type { Begun, Completed, Paused, Phase, RolledBack, RolloutState, RolloutStatus, Running } from './state.ts'
export type { Evidence, PerGroup, Verdict, VerdictKind } from './verdict.ts'
