import type { Decision } from './decision.ts'
import { heldUntil, phaseAt } from './hold.ts'
import type { RolloutPlan } from './plan.ts'
import { stagePercent } from './share.ts'
import type { RolloutState, Running } from './state.ts'

export type RefusalCode =
  | 'already-started'
  | 'not-started'
  | 'paused'
  | 'not-paused'
  | 'over'
  | 'wrong-stage'
  | 'not-completed'

/** Why a decision cannot be carried out in this state, in words. Nothing has changed. */
export interface Refusal {
  readonly code: RefusalCode
  readonly message: string
}

/** The state after the decision. `percent` is the share to set on the rollout's rule; absent: leave it. */
export interface Applied {
  readonly state: RolloutState
  readonly percent?: number
}

export type Transition = Applied | { readonly refused: Refusal }

interface Step {
  readonly plan: RolloutPlan
  readonly state: RolloutState
  readonly decision: Decision
  readonly now: number
}

function refuse(code: RefusalCode, message: string): Transition {
  return { refused: { code, message } }
}

/** The refusal of what can only be done to a rollout that is running, by the state it is in instead. */
function notRunning(state: Exclude<RolloutState, Running>, wanted: string): Transition {
  switch (state.status) {
    case 'draft':
      return refuse('not-started', `A rollout that hasn't started can't be ${wanted}; start it first.`)
    case 'paused':
      return refuse('paused', `A paused rollout can't be ${wanted}; resume it first.`)
    default:
      return over(state, wanted)
  }
}

function over(state: Exclude<RolloutState, { status: 'running' | 'paused' | 'draft' }>, wanted: string): Transition {
  const tail = state.status === 'completed' ? '' : '; start a new one'
  return refuse('over', `A ${state.status} rollout can't be ${wanted}${tail}.`)
}

function enter(plan: RolloutPlan, stage: number, now: number): Transition {
  const begun = { stage, stageStartedAt: now, heldMs: 0, holdingSince: now }
  return {
    state: { status: 'running', phase: phaseAt(plan, begun, now), ...begun },
    percent: stagePercent(plan, stage),
  }
}

function start({ plan, state, decision, now }: Step): Transition {
  if (state.status === 'running' || state.status === 'paused') {
    return refuse('already-started', 'This rollout has already started.')
  }
  if (state.status !== 'draft') return over(state, 'started')
  if ((decision.toStage ?? 0) !== 0) return refuse('wrong-stage', 'A rollout starts with its first stage.')
  return enter(plan, 0, now)
}

function expand({ plan, state, decision, now }: Step): Transition {
  if (state.status !== 'running') return notRunning(state, 'expanded')
  const next = state.stage + 1
  if (next >= plan.stages.length) return refuse('wrong-stage', 'This is the last stage: there is nothing to expand to.')
  if ((decision.toStage ?? next) !== next) {
    return refuse('wrong-stage', `From stage ${next} a rollout expands to stage ${next + 1} and no other.`)
  }
  return enter(plan, next, now)
}

function hold({ plan, state, now }: Step): Transition {
  if (state.status !== 'running') return { state }
  return { state: { ...state, phase: phaseAt(plan, state, now) } }
}

function pause({ state, decision, now }: Step): Transition {
  const why = decision.sentence
  if (state.status === 'paused') return refuse('paused', 'This rollout is already paused.')
  if (state.status !== 'running' && state.status !== 'completed') return notRunning(state, 'paused')
  const { stage, stageStartedAt } = state
  const heldMs = state.status === 'running' ? heldUntil(state, now) : state.heldMs
  return { state: { status: 'paused', stage, stageStartedAt, heldMs, pausedAt: now, why } }
}

function resume({ plan, state, now }: Step): Transition {
  if (state.status === 'draft')
    return refuse('not-started', "A rollout that hasn't started can't be resumed; start it.")
  if (state.status === 'running') return refuse('not-paused', 'This rollout is not paused.')
  if (state.status !== 'paused') return over(state, 'resumed')
  const { stage, stageStartedAt, heldMs } = state
  const begun = { stage, stageStartedAt, heldMs, holdingSince: now }
  return { state: { status: 'running', phase: phaseAt(plan, begun, now), ...begun } }
}

function rollBack({ plan, state, decision, now }: Step): Transition {
  const { toStage } = decision
  const ended = { rolledBackAt: now, why: decision.sentence }
  switch (state.status) {
    case 'draft':
      return refuse('not-started', "A rollout that hasn't started can't be rolled back; nobody has it.")
    case 'aborted':
    case 'retired':
      return over(state, 'rolled back')
    case 'rolled-back':
      if (state.keptStage === undefined) return refuse('over', 'This rollout is already rolled back.')
      break
    case 'running':
    case 'paused':
    case 'completed':
  }
  const reached = state.status === 'rolled-back' ? state.keptStage : state.stage
  if (toStage !== undefined && !(toStage >= 0 && toStage < (reached ?? 0))) {
    return refuse('wrong-stage', 'A roll-back leads to an earlier stage or to nobody.')
  }
  const { stage, stageStartedAt, heldMs } = state
  const held = state.status === 'running' ? heldUntil(state, now) : heldMs
  const next: RolloutState = { status: 'rolled-back', stage, stageStartedAt, heldMs: held, ...ended }
  if (toStage === undefined) return { state: next, percent: 0 }
  return { state: { ...next, keptStage: toStage }, percent: stagePercent(plan, toStage) }
}

function complete({ plan, state, now }: Step): Transition {
  if (state.status !== 'running') return notRunning(state, 'completed')
  if (state.stage !== plan.stages.length - 1) return refuse('wrong-stage', 'Only the last stage completes a rollout.')
  const { stage, stageStartedAt } = state
  return { state: { status: 'completed', stage, stageStartedAt, heldMs: heldUntil(state, now), completedAt: now } }
}

function abort({ state, decision, now }: Step): Transition {
  const aborted = { status: 'aborted', abortedAt: now, why: decision.sentence } as const
  if (state.status === 'draft') return { state: aborted }
  if (state.status === 'running' || state.status === 'paused') return { state: { ...aborted, stage: state.stage } }
  return refuse('over', `A ${state.status} rollout is over: there is nothing to abort.`)
}

function retire({ state, now }: Step): Transition {
  if (state.status !== 'completed') {
    return refuse('not-completed', `Only a completed rollout can be retired; this one is ${state.status}.`)
  }
  return { state: { status: 'retired', retiredAt: now } }
}

const TRANSITIONS: Readonly<Record<Decision['kind'], (step: Step) => Transition>> = {
  start,
  expand,
  hold,
  pause,
  resume,
  'roll-back': rollBack,
  complete,
  abort,
  retire,
}

/**
 * The one transition function, for the controller's and people's decisions alike. `now` is epoch ms, the time of the decision:
 * replaying the stored decisions with their times gives the same state.
 *
 * Refuses in words what the state doesn't allow; a stage is never skipped. Throws a RangeError only for a plan that `validatePlan` refuses.
 */
export function apply(plan: RolloutPlan, state: RolloutState, decision: Decision, now: number): Transition {
  return TRANSITIONS[decision.kind]({ plan, state, decision, now })
}
