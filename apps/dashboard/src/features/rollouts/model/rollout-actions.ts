import type { RolloutAction, RolloutView } from '@dimmer/protocol'
import type { RolloutStatus } from '@dimmer/rollout'
import { counted, plural } from '../../../shared/format/number.ts'
import { percent } from '../../../shared/format/percent.ts'
import { exposureWords } from './rollout-words.ts'

const ALLOWED: Readonly<Record<RolloutStatus, readonly RolloutAction[]>> = {
  draft: ['start', 'abort'],
  running: ['pause', 'roll-back', 'abort'],
  paused: ['resume', 'roll-back', 'abort'],
  completed: ['roll-back', 'retire'],
  'rolled-back': [],
  aborted: [],
  retired: [],
}

export const ACTION_LABELS: Readonly<Record<RolloutAction, string>> = {
  start: 'Start',
  pause: 'Pause',
  resume: 'Resume',
  'roll-back': 'Roll back',
  abort: 'Abort',
  retire: 'Retire',
}

/** What a person can do to a rollout in this state, the most likely first. */
export const allowedActions = (status: RolloutStatus): readonly RolloutAction[] => ALLOWED[status]

type Rollout = Pick<RolloutView, 'plan' | 'state' | 'exposedUnits'>

function rollBackWords({ plan, state, exposedUnits }: Rollout): readonly string[] {
  const previous = 'stage' in state ? plan.stages[state.stage - 1] : undefined
  const seen = `${counted(exposedUnits, plan.unit)} had it so far.`
  if (plan.rollBack === 'to-previous-stage' && previous !== undefined) {
    return [
      `The share goes back to ${percent(previous.percent)} of ${plural(plan.unit)}; the others lose ${plan.variant}.`,
      seen,
    ]
  }
  return [`Everybody who has ${plan.variant} through this rollout loses it.`, seen]
}

/** What will happen, sentence by sentence, for the dialog that asks. */
export function describeAction(action: RolloutAction, rollout: Rollout): readonly string[] {
  const { plan } = rollout
  switch (action) {
    case 'start':
      return [
        `${percent(plan.stages[0]?.percent ?? 0)} of ${plural(plan.unit)} in ${plan.environment} get ${plan.variant}, at once.`,
        `From then on the rollout sets the rule "${plan.ruleId}"; nobody can change its share by hand.`,
      ]
    case 'pause':
      return [
        `The share stays at ${exposureWords(rollout)}; it does not grow.`,
        'A breached guardrail still rolls back.',
      ]
    case 'resume':
      return [
        'The hold goes on where it stopped.',
        'The rollout expands by itself when the hold is over and the guardrails are ok.',
      ]
    case 'roll-back':
      return [
        ...rollBackWords(rollout),
        'This ends the rollout. To try again, start a new one: the same ones get it first.',
      ]
    case 'abort':
      if (rollout.state.status === 'draft') return ['The plan is given up. Nobody was exposed.']
      return [
        `The share stays at ${exposureWords(rollout)}, for you to set by hand.`,
        'The guardrails are no longer watched, and nothing rolls back by itself.',
      ]
    case 'retire':
      return [`${plan.variant} stays as it is.`, 'The guardrails are no longer watched.']
  }
}
