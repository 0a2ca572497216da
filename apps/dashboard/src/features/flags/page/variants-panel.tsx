import type { FlagView } from '@dimmer/protocol'
import { Badge, Group, Stack } from '@mantine/core'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { valueWords } from '../words/describe-kill.ts'

interface Props {
  readonly flag: FlagView
  readonly offVariant: string
}

/** The values that the flag can have. */
export function VariantsPanel({ flag, offVariant }: Props) {
  return (
    <Panel title="Variants" description={`Type: ${flag.type}`}>
      <Stack gap={6}>
        {Object.keys(flag.variants).map(variant => (
          <Group key={variant} justify="space-between" gap="xs">
            <Group gap={8}>
              <KeyText fw={600}>{variant}</KeyText>
              {variant === offVariant && (
                <Badge size="sm" variant="default" tt="none" fw={500}>
                  when off
                </Badge>
              )}
            </Group>
            <KeyText c="dimmed">{valueWords(flag, variant)}</KeyText>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}
