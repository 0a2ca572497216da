import type { MetricHealth } from '@dimmer/protocol'
import { Group, Text } from '@mantine/core'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import { HEALTH_LABELS, HEALTH_TONES, paceWords } from './model/health-words.ts'

/** Whether the events of a metric arrive: in a word, and how fast. */
export function HealthLine({ health }: { readonly health: MetricHealth }) {
  return (
    <Group gap="xs" wrap="wrap">
      <ToneBadge tone={HEALTH_TONES[health.state]}>{HEALTH_LABELS[health.state]}</ToneBadge>
      {health.lastAt !== null && (
        <Text size="sm" c="dimmed">
          {paceWords(health)}last <TimeAgo at={health.lastAt} />
        </Text>
      )}
    </Group>
  )
}
