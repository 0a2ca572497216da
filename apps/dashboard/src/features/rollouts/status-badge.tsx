import type { RolloutStatus } from '@dimmer/rollout'
import {
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleX,
  IconPlayerPause,
  IconPlayerPlay,
  IconPointFilled,
} from '../../shared/ui/icons.ts'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import { STATUS_LABELS, STATUS_TONES } from './model/rollout-words.ts'

const ICONS = {
  draft: IconPointFilled,
  running: IconPlayerPlay,
  paused: IconPlayerPause,
  completed: IconCircleCheck,
  'rolled-back': IconArrowBackUp,
  aborted: IconCircleX,
  retired: IconCircleCheck,
} as const satisfies Record<RolloutStatus, unknown>

interface Props {
  readonly status: RolloutStatus
  /** Instead of the status's name. */
  readonly children?: string
}

/** The status of a rollout, or something said in its color. */
export function StatusBadge({ status, children = STATUS_LABELS[status] }: Props) {
  const Icon = ICONS[status]
  return (
    <ToneBadge tone={STATUS_TONES[status]} icon={<Icon size={13} />}>
      {children}
    </ToneBadge>
  )
}
