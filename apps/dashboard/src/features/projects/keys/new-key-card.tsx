import type { NewSdkKey } from '@dimmer/protocol'
import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import { CopyTextButton } from '../../../shared/ui/copy-text-button.tsx'
import { IconKey } from '../../../shared/ui/icons.ts'
import { nodeSnippet } from './node-snippet.ts'

interface Props {
  readonly sdkKey: NewSdkKey
  readonly onClose: () => void
}

/** The only time that a key is shown, with code to paste. */
export function NewKeyCard({ sdkKey, onClose }: Props) {
  const snippet = nodeSnippet(window.location.origin, sdkKey.key, 'new-pdf-engine')
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconKey size={18} />}
      title={`Key "${sdkKey.name}" is ready`}
      withCloseButton
      closeButtonLabel="I have copied it"
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">Copy it now: it is not shown again.</Text>
        <Group gap="xs">
          <Code fz="sm" p="xs" style={{ flex: '1 1 200px', minWidth: 0, overflowWrap: 'anywhere' }}>
            {sdkKey.key}
          </Code>
          <CopyTextButton value={sdkKey.key} label="Copy key" />
        </Group>
        {sdkKey.kind === 'server' && (
          <Stack gap={6}>
            <Group justify="space-between">
              <Text size="sm" fw={600}>
                In Node
              </Text>
              <CopyTextButton value={snippet} label="Copy code" />
            </Group>
            <Code block>{snippet}</Code>
          </Stack>
        )}
      </Stack>
    </Alert>
  )
}
