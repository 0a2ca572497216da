import { IconCircleX } from '../../../shared/ui/icons.ts'
import { ToneBadge } from '../../../shared/ui/tone-badge.tsx'

/** The account lets nobody in. */
export function DisabledBadge() {
  return (
    <ToneBadge tone="warn" icon={<IconCircleX size={12} />}>
      disabled
    </ToneBadge>
  )
}
