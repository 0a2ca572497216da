/** Where a rollout stands. */

export type Phase =
  /** the hold is running */ 'exposing' | /** the hold is over, the evidence is not enough yet */ 'holding'

/** A place in a stage. */
export interface Begun {
  /** Index into `plan.stages`. */
  readonly stage: number
  /** Epoch ms at which the stage's share was applied. */
  readonly stageStartedAt: number
  /** Time already spent in this stage before the last pause, in ms. */
  readonly heldMs: number
}

export interface Running extends Begun {
  readonly status: 'running'
  readonly phase: Phase
  /** Epoch ms at which the present run of the hold began: the stage's start or the last resume. */
  readonly holdingSince: number
}

export interface Paused extends Begun {
  readonly status: 'paused'
  readonly pausedAt: number
  readonly why: string
}

export interface Completed extends Begun {
  readonly status: 'completed'
  readonly completedAt: number
}

/** `stage` is the one it was rolled back from. */
export interface RolledBack extends Begun {
  readonly status: 'rolled-back'
  readonly rolledBackAt: number
  readonly why: string
  /** The stage whose share stays (mode `to-previous-stage`); absent: nobody has it any more. */
  readonly keptStage?: number
}

/** Given up by a person: no longer steered nor watched. The share stays as it was for them to set. */
export interface Aborted {
  readonly status: 'aborted'
  readonly abortedAt: number
  readonly why: string
  /** The stage it had reached; absent: it never started. */
  readonly stage?: number
}

export type RolloutState =
  | { readonly status: 'draft' }
  | Running
  | Paused
  | Completed
  | RolledBack
  | Aborted
  /** was completed, is watched no longer */
  | { readonly status: 'retired'; readonly retiredAt: number }

export type RolloutStatus = RolloutState['status']
