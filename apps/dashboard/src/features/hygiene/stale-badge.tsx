import type { StaleFlag } from '@dimmer/protocol'
import { counted } from '../../shared/format/number.ts'
import { IconRecycle } from '../../shared/ui/icons.ts'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'

/** Says that a flag has done its work. */
export function StaleBadge({ stale }: { readonly stale: StaleFlag }) {
  return (
    <ToneBadge tone="warn" icon={<IconRecycle size={13} />}>
      stale, {counted(stale.days, 'day')}
    </ToneBadge>
  )
}
