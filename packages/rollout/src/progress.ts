import { heldUntil, holdMs } from './hold.ts'
import type { RolloutPlan } from './plan.ts'
import type { RolloutState } from './state.ts'

export type StageStatus = 'done' | 'current' | 'ahead' | 'rolled-back'

/** One stage as the timeline shows it. Times in ms, `startsAt` in epoch ms. */
export interface StageProgress {
  readonly index: number
  readonly name: string
  readonly percent: number
  readonly status: StageStatus
  readonly holdMs: number
  /** Time spent in it without pauses; a stage that is done counts as fully held. */
  readonly heldMs: number
  readonly remainingMs: number
  /** When it began; for stages ahead of a running rollout, the earliest time at which it can begin. Absent: not known. */
  readonly startsAt?: number
}

function statusOf(state: RolloutState, index: number): StageStatus {
  switch (state.status) {
    case 'draft':
      return 'ahead'
    case 'completed':
    case 'retired':
      return 'done'
    case 'running':
    case 'paused':
    case 'aborted':
      if (state.stage === undefined || index > state.stage) return 'ahead'
      return index < state.stage ? 'done' : 'current'
    case 'rolled-back':
      if (index > state.stage) return 'ahead'
      return index > (state.keptStage ?? state.stage - 1) ? 'rolled-back' : 'done'
  }
}

function heldIn(state: RolloutState, now: number): number {
  if (state.status === 'running') return heldUntil(state, now)
  return 'heldMs' in state ? state.heldMs : 0
}

/** When each stage began or can begin at the earliest, as far as the state tells. */
function startsOf(plan: RolloutPlan, state: RolloutState, now: number): ReadonlyMap<number, number> {
  const starts = new Map<number, number>()
  if (!('stageStartedAt' in state)) return starts
  starts.set(state.stage, state.stageStartedAt)
  if (state.status !== 'running') return starts
  let earliest = now + Math.max(0, holdMs(plan, state.stage) - heldUntil(state, now))
  for (let stage = state.stage + 1; stage < plan.stages.length; stage++) {
    starts.set(stage, earliest)
    earliest += holdMs(plan, stage)
  }
  return starts
}

/** The plan's stages with where the rollout stands in them at `now` (epoch ms), in order. */
export function progress(plan: RolloutPlan, state: RolloutState, now: number): StageProgress[] {
  const starts = startsOf(plan, state, now)
  return plan.stages.map(({ name, percent }, index) => {
    const status = statusOf(state, index)
    const hold = holdMs(plan, index)
    const held = status === 'done' ? hold : status === 'ahead' ? 0 : heldIn(state, now)
    const startsAt = starts.get(index)
    return {
      index,
      name: name ?? `Stage ${index + 1}`,
      percent,
      status,
      holdMs: hold,
      heldMs: held,
      remainingMs: Math.max(0, hold - held),
      ...(startsAt !== undefined && { startsAt }),
    }
  })
}
