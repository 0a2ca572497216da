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

export interface Decision {
  readonly kind: DecisionKind
  /** Stage the decision leads to (`start`, `expand`, and `roll-back` to the previous stage). */
  readonly toStage?: number
  /** One sentence: what was decided and why, with metric, numbers and bound where evidence led to it. */
  readonly sentence: string
  /** The verdicts that were looked at. Empty for a person's click. */
  readonly verdicts: readonly Verdict[]
}
