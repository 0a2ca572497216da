/** Where a rollout stands. */

export type Phase =
  /** the hold is running */ 'exposing' | /** the hold is over, the evidence is not enough yet */ 'holding'

interface Begun {
  /** Index into `plan.stages`. */
  readonly stage: number
  /** Epoch ms at which the stage's share was applied. */
  readonly stageStartedAt: number
  /** Time already spent in this stage before the last pause, in ms. */
  readonly heldMs: number
}

export type RolloutState =
  | { readonly status: 'draft' }
  | ({
      readonly status: 'running'
      readonly phase: Phase /** start of the present run of the hold */
      readonly holdingSince: number
    } & Begun)
  | ({ readonly status: 'paused'; readonly pausedAt: number; readonly why: string } & Begun)
  | ({ readonly status: 'completed'; readonly completedAt: number } & Begun)
  | ({ readonly status: 'rolled-back'; readonly rolledBackAt: number; readonly why: string } & Begun)
  | { readonly status: 'aborted'; readonly abortedAt: number; readonly why: string }
  | { readonly status: 'retired'; readonly retiredAt: number }

export type RolloutStatus = RolloutState['status']
