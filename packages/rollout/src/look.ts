import type { GuardrailFacts, StageBase } from './facts.ts'
import type { Guardrail, RolloutPlan } from './plan.ts'
import type { Evidence, VerdictKind } from './verdict.ts'

/** One look at one guardrail or goal: all that its reader needs. */
export interface Look<F extends GuardrailFacts = GuardrailFacts> {
  readonly plan: RolloutPlan
  readonly facts: F
  readonly at: number
  /** What this guardrail may spend of the plan's alpha. */
  readonly alpha: number
  /** Whether to find the bounds too: they are for people, and cost ten times the rest. */
  readonly bounds: boolean
}

/** What the numbers say by themselves, before asking whether they can be trusted. */
export interface Reading {
  readonly kind: Extract<VerdictKind, 'breached' | 'ok' | 'inconclusive'>
  readonly sentence: string
  readonly evidence: Evidence
}

/** Level at which a guardrail is cleared for expansion: log(1 / 0.05). */
export const OK_AT: number = Math.log(1 / 0.05)

/** An e-value of 5 against "no harm": no proof, but nobody expands on it. */
export const SUSPECT_AT: number = Math.log(5)

/** A relative or absolute roll-back needs at least this many exposed units hit. */
export const FEWEST_UNITS_HIT = 2

/** The weight of a guardrail among all: weighted Bonferroni, so alpha holds whatever their dependence. */
export function alphaShare(plan: RolloutPlan, guardrail: Guardrail): number {
  const total = plan.guardrails.reduce((sum, { weight = 1 }) => sum + weight, 0)
  return (plan.alpha * (guardrail.weight ?? 1)) / total
}

/** The stage that is running now, if any has begun. */
export function currentStage<S extends StageBase>(facts: { readonly stages: readonly S[] }): S | undefined {
  return facts.stages.at(-1)
}

/** Whether some units of the audience don't have it in this stage. */
export function hasComparison(stage: StageBase): boolean {
  return stage.share < 1
}
