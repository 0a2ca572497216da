import type { VerdictKind } from '@dimmer/rollout'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconHourglass,
} from '../../../shared/ui/icons.ts'
import { ToneBadge } from '../../../shared/ui/tone-badge.tsx'
import { VERDICT_LABELS, VERDICT_TONES } from '../model/verdict-words.ts'

const ICONS = {
  ok: IconCircleCheck,
  breached: IconCircleX,
  inconclusive: IconHourglass,
  'no-data': IconHelpCircle,
  'sick-sample': IconAlertTriangle,
} as const satisfies Record<VerdictKind, unknown>

/** A verdict in color, icon and word. */
export function VerdictBadge({ kind }: { readonly kind: VerdictKind }) {
  const Icon = ICONS[kind]
  return (
    <ToneBadge tone={VERDICT_TONES[kind]} icon={<Icon size={14} />}>
      {VERDICT_LABELS[kind]}
    </ToneBadge>
  )
}
