import { Alert, Code, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyTextButton } from './copy-text-button.tsx'
import { IconKey } from './icons.ts'

interface Props {
  readonly title: string
  readonly text: string
  readonly secret: string
  readonly copyLabel: string
  readonly onClose: () => void
  /** What else is needed with it. */
  readonly children?: ReactNode
}

/** The only time that a link or key is shown. */
export function SecretCard({ title, text, secret, copyLabel, onClose, children }: Props) {
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconKey size={18} />}
      title={title}
      withCloseButton
      closeButtonLabel="I have copied it"
      onClose={onClose}
    >
      <Text size="sm" mb="xs">
        {text}
      </Text>
      <Group gap="xs">
        <Code fz="sm" p="xs" flex="1 1 200px" miw={0}>
          {secret}
        </Code>
        <CopyTextButton value={secret} label={copyLabel} />
      </Group>
      {children}
    </Alert>
  )
}
