import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'
import { TONE_COLORS, type Tone } from './tone.ts'

interface Props {
  readonly tone: Tone
  readonly icon?: ReactNode
  readonly children: ReactNode
}

/** A short word with a color and an icon that say the same. */
export function ToneBadge({ tone, icon, children }: Props) {
  return (
    <Badge
      variant={tone === 'neutral' ? 'default' : 'light'}
      color={TONE_COLORS[tone]}
      tt="none"
      fw={600}
      leftSection={icon}
    >
      {children}
    </Badge>
  )
}
