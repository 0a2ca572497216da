import type { MetricHealth, MetricUse } from '@dimmer/protocol'
import { counted, figure } from '../../../shared/format/number.ts'
import type { Tone } from '../../../shared/ui/tone.ts'

export const HEALTH_LABELS: Readonly<Record<MetricHealth['state'], string>> = {
  arriving: 'Arriving',
  quiet: 'Quiet',
  never: 'Never arrived',
  'other-unit': 'Other unit',
  outside: 'Prometheus',
}

export const HEALTH_TONES: Readonly<Record<MetricHealth['state'], Tone>> = {
  arriving: 'good',
  quiet: 'warn',
  never: 'bad',
  'other-unit': 'warn',
  outside: 'neutral',
}

/** "2.4 a minute · "; nothing where none has come lately. */
export const paceWords = ({ perMinute }: Pick<MetricHealth, 'perMinute'>): string =>
  perMinute === 0 ? '' : `${figure(perMinute)} a minute · `

/** "Used by 2 rollouts"; a rollout that uses it as guardrail and goal counts once. */
export function usesWords(uses: readonly MetricUse[]): string {
  const rollouts = new Set(uses.map(({ rollout }) => rollout)).size
  return rollouts === 0 ? 'Not used' : `Used by ${counted(rollouts, 'rollout')}`
}
