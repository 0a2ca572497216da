import type { RolloutView } from '@dimmer/protocol'
import { Link } from '@tanstack/react-router'
import { badgeWords } from './model/rollout-words.ts'
import { StatusBadge } from './status-badge.tsx'

interface Props {
  readonly project: string
  readonly rollout: RolloutView
}

/** Where a flag's rollout stands; leads to it. */
export function RolloutBadge({ project, rollout }: Props) {
  return (
    <Link
      to="/p/$project/rollouts/$rollout"
      params={{ project, rollout: rollout.id }}
      style={{ display: 'flex', textDecoration: 'none' }}
    >
      <StatusBadge status={rollout.state.status}>{badgeWords(rollout)}</StatusBadge>
    </Link>
  )
}
