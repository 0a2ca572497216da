import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from './icons.ts'

interface Props {
  readonly value: string
  readonly label: string
}

/** Copies a text and says so. */
export function CopyTextButton({ value, label }: Props) {
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Button
          size="xs"
          variant="default"
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={copy}
        >
          {copied ? 'Copied' : label}
        </Button>
      )}
    </CopyButton>
  )
}
