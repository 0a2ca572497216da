import type { ConnectionKind } from '@dimmer/protocol'
import { Code, Group, Stack, Text } from '@mantine/core'
import { CopyTextButton } from '../../shared/ui/copy-text-button.tsx'
import { fullAddress } from './model/connection-words.ts'
import { KINDS } from './model/kinds.ts'

interface Props {
  readonly kind: ConnectionKind
  readonly address: string
}

/** The address that the other side must call, and where it is pasted there. */
export function AddressToPaste({ kind, address }: Props) {
  const full = fullAddress(window.location.origin, address)
  return (
    <Stack gap={4} mt={4}>
      <Text size="sm">{KINDS[kind].paste}</Text>
      <Group gap="xs">
        <Code fz="sm" p="xs" flex="1 1 240px" miw={0}>
          {full}
        </Code>
        <CopyTextButton value={full} label="Copy address" />
      </Group>
    </Stack>
  )
}
