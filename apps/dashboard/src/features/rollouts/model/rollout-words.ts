import type { RolloutView } from '@dimmer/protocol'
import { percentNow, progress, type RolloutStatus } from '@dimmer/rollout'
import { duration } from '../../../shared/format/duration.ts'
import { plural } from '../../../shared/format/number.ts'
import { percent } from '../../../shared/format/percent.ts'
import { relativeTime } from '../../../shared/format/relative-time.ts'
import type { Tone } from '../../../shared/ui/tone.ts'

export const STATUS_TONES: Readonly<Record<RolloutStatus, Tone>> = {
  draft: 'neutral',
  running: 'info',
  paused: 'warn',
  completed: 'good',
  'rolled-back': 'bad',
  aborted: 'neutral',
  retired: 'neutral',
}

export const STATUS_LABELS: Readonly<Record<RolloutStatus, string>> = {
  draft: 'Draft',
  running: 'Running',
  paused: 'Paused',
  completed: 'Completed',
  'rolled-back': 'Rolled back',
  aborted: 'Aborted',
  retired: 'Retired',
}

type Rollout = Pick<RolloutView, 'plan' | 'state'>

/** "5 % of accounts": what the rollout gives at the moment. */
export const exposureWords = ({ plan, state }: Rollout): string =>
  `${percent(percentNow(plan, state))} of ${plural(plan.unit)}`

/** For a badge: "stage 2 of 4 · 25 %". */
export function badgeWords({ plan, state }: Rollout): string {
  switch (state.status) {
    case 'running':
      return `stage ${state.stage + 1} of ${plan.stages.length} · ${percent(percentNow(plan, state))}`
    case 'paused':
      return `paused in stage ${state.stage + 1} of ${plan.stages.length}`
    case 'rolled-back':
      return `rolled back from stage ${state.stage + 1}`
    case 'completed':
      return 'rollout completed'
    default:
      return `rollout ${STATUS_LABELS[state.status].toLowerCase()}`
  }
}

function runningWords(rollout: Rollout, now: number): string {
  const current = progress(rollout.plan, rollout.state, now).find(stage => stage.status === 'current')
  if (current === undefined) return ''
  const where = `Stage ${current.index + 1} of ${rollout.plan.stages.length}, ${exposureWords(rollout)}.`
  const last = current.index === rollout.plan.stages.length - 1
  if (current.remainingMs > 0) {
    return `${where} It may ${last ? 'complete' : 'expand'} in ${duration(current.remainingMs)} at the earliest.`
  }
  return `${where} The hold is over; it waits for enough evidence.`
}

/** The reason is a whole sentence: it says what happened, to which share, and why. */
function atTime(at: number, now: number, why: string): string {
  const time = relativeTime(at, now)
  return `${time.charAt(0).toUpperCase()}${time.slice(1)}: ${why}`
}

/** Where a rollout stands, in a sentence or two. `now` in the server's time. */
export function statusSentence(rollout: Rollout, now: number): string {
  const { plan, state } = rollout
  switch (state.status) {
    case 'draft':
      return `Not started. Stage 1 would give ${plan.variant} to ${percent(plan.stages[0]?.percent ?? 0)} of ${plural(plan.unit)}.`
    case 'running':
      return runningWords(rollout, now)
    case 'paused':
      return atTime(state.pausedAt, now, state.why)
    case 'completed':
      return `Completed ${relativeTime(state.completedAt, now)} at ${exposureWords(rollout)}. Guardrails are still watched.`
    case 'rolled-back': {
      const why = atTime(state.rolledBackAt, now, state.why)
      return state.keptStage === undefined
        ? why
        : `${why} ${exposureWords(rollout)} keep it. Guardrails are still watched.`
    }
    case 'aborted':
      return atTime(state.abortedAt, now, state.why)
    case 'retired':
      return `Completed, and no longer watched since ${relativeTime(state.retiredAt, now)}.`
  }
}
