import type { Decision, DecisionKind } from './decision.ts'
import type { RollBackMode, RolloutPlan } from './plan.ts'
import { percentNow, stagePercent } from './share.ts'
import type { RolloutState } from './state.ts'
import { plural } from './wording.ts'

/** What a person can ask for. To hold is the controller's: a person pauses. */
export interface PersonRequest {
  readonly kind: Exclude<DecisionKind, 'hold'>
  /** The person's name, as the decision log shows it. */
  readonly by: string
  readonly note?: string
  /** Overrides the plan's roll-back mode. */
  readonly rollBack?: RollBackMode
}

const DONE: Readonly<Record<PersonRequest['kind'], string>> = {
  start: 'started the rollout',
  expand: 'expanded the rollout',
  pause: 'paused the rollout',
  resume: 'resumed the rollout',
  'roll-back': 'rolled the rollout back',
  complete: 'completed the rollout',
  abort: 'aborted the rollout',
  retire: 'retired the rollout',
}

/** The stage a roll-back leads to, or undefined: to nobody. */
export function rollBackStage(state: RolloutState, mode: RollBackMode): number | undefined {
  if (mode === 'to-zero' || state.status === 'rolled-back') return undefined
  const stage = 'stage' in state ? state.stage : undefined
  return stage === undefined || stage === 0 ? undefined : stage - 1
}

function stageAfter(plan: RolloutPlan, state: RolloutState, { kind, rollBack }: PersonRequest): number | undefined {
  if (kind === 'start') return 0
  if (kind === 'expand') return 'stage' in state && state.stage !== undefined ? state.stage + 1 : undefined
  return kind === 'roll-back' ? rollBackStage(state, rollBack ?? plan.rollBack) : undefined
}

function where(plan: RolloutPlan, state: RolloutState, { kind }: PersonRequest, toStage: number | undefined): string {
  const share = (percent: number): string => `${percent} % of ${plural(plan.unit)}`
  if (toStage !== undefined && toStage < plan.stages.length)
    return ` ${kind === 'start' ? 'with' : 'to'} ${share(stagePercent(plan, toStage))}`
  if (kind === 'roll-back') return ' to 0 %'
  return ` at ${share(percentNow(plan, state))}`
}

/** A person's click as a decision; `apply` says whether the state allows it. */
export function personDecision(plan: RolloutPlan, state: RolloutState, request: PersonRequest): Decision {
  const toStage = stageAfter(plan, state, request)
  const note = request.note?.trim()
  return {
    kind: request.kind,
    ...(toStage !== undefined && { toStage }),
    because: { code: 'person' },
    sentence: `${request.by} ${DONE[request.kind]}${where(plan, state, request, toStage)}${note ? `: ${note}` : '.'}`,
    verdicts: [],
  }
}
