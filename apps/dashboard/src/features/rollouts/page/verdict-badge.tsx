import type { Verdict, VerdictKind } from '@dimmer/rollout'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconHourglass,
} from '../../../shared/ui/icons.ts'
import { ToneBadge } from '../../../shared/ui/tone-badge.tsx'
import { VERDICT_TONES, verdictLabel } from '../model/verdict-words.ts'

const ICONS = {
  ok: IconCircleCheck,
  breached: IconCircleX,
  inconclusive: IconHourglass,
  'no-data': IconHelpCircle,
  'sick-sample': IconAlertTriangle,
} as const satisfies Record<VerdictKind, unknown>

/** A verdict in color, icon and word. */
export function VerdictBadge({ verdict }: { readonly verdict: Pick<Verdict, 'kind' | 'goal'> }) {
  const { kind } = verdict
  const Icon = ICONS[kind]
  return (
    <ToneBadge tone={VERDICT_TONES[kind]} icon={<Icon size={14} />}>
      {verdictLabel(verdict)}
    </ToneBadge>
  )
}
