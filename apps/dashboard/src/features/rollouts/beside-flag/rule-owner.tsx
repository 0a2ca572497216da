import type { RolloutView } from '@dimmer/protocol'
import { Group, Text } from '@mantine/core'
import { IconRocket } from '../../../shared/ui/icons.ts'
import { TextLink } from '../../../shared/ui/links.tsx'

interface Props {
  readonly project: string
  readonly rollout: RolloutView
}

/** Says on a rule that a rollout sets it. */
export function RuleOwner({ project, rollout }: Props) {
  return (
    <Group gap={6} wrap="nowrap">
      <IconRocket size={16} style={{ flex: 'none' }} aria-hidden="true" />
      <Text size="sm">
        <TextLink to="/p/$project/rollouts/$rollout" params={{ project, rollout: rollout.id }} size="sm">
          The rollout
        </TextLink>{' '}
        sets this share. Abort it or roll it back to set it by hand.
      </Text>
    </Group>
  )
}
