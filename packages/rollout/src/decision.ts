/** What the controller or a person decides about a rollout. Decisions are immutable and kept with their evidence. */
import type { Verdict } from './verdict.ts'

export type DecisionKind =
  | 'start'
  | 'expand'
  | 'hold'
  | 'pause'
  | 'resume'
  | 'roll-back'
  | 'complete'
  | 'abort'
  | 'retire'

export type BecauseCode =
  /** a person asked for it */
  | 'person'
  /** all guardrails are ok and the hold is over */
  | 'all-clear'
  | 'hold-not-elapsed'
  /** what a guardrail's verdict was; `guardrailId` names it */
  | 'breached'
  | 'inconclusive'
  | 'no-data'
  | 'sick-sample'
  /** a goal is not reached yet; `guardrailId` names it */
  | 'goal-not-reached'
  /** the flag was switched off while the rollout was running */
  | 'flag-off'
  /** nothing to steer in this state: waiting for a person, or for something to go wrong */
  | 'paused'
  | 'completed'
  | 'share-kept'
  | 'not-running'

/** Why, for programs. The same reason from look to look is equal field by field (`sameBecause`). */
export interface Because {
  readonly code: BecauseCode
  readonly guardrailId?: string
}

export interface Decision {
  readonly kind: DecisionKind
  /** Stage the decision leads to (`start`, `expand`, and `roll-back` to the previous stage). */
  readonly toStage?: number
  readonly because: Because
  /** One sentence: what was decided and why, with metric, numbers and bound where evidence led to it. */
  readonly sentence: string
  /** The verdicts that were looked at. Empty for a person's click. */
  readonly verdicts: readonly Verdict[]
}

/** Whether two reasons are one and the same: a runner stores a `hold` only when its reason is new. */
export function sameBecause(a: Because, b: Because): boolean {
  return a.code === b.code && a.guardrailId === b.guardrailId
}
