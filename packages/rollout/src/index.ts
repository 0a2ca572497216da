export type { Decision, DecisionKind } from './decision.ts'
export type { Arm, GuardrailFacts, StageFacts, UnitFact } from './facts.ts'
export type {
  ErrorRateGuardrail,
  Guardrail,
  LatencyGuardrail,
  Policy,
  PolicyAction,
  RollBackMode,
  RolloutPlan,
  Stage,
} from './plan.ts'
export type { Phase, RolloutState, RolloutStatus } from './state.ts'
export type { Evidence, PerGroup, Verdict, VerdictKind } from './verdict.ts'
