import { Button, Group, List, Modal, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { ErrorAlert } from './error-alert.tsx'
import { DANGER } from './tone.ts'

interface BodyProps {
  readonly onClose: () => void
  /** What will happen, sentence by sentence. */
  readonly sentences: readonly string[]
  readonly confirmLabel: string
  readonly danger?: boolean
  /** What must be typed first: for what nobody can bring back. */
  readonly typed?: string
  readonly busy: boolean
  readonly error: Error | null
  readonly onConfirm: () => void
  /** Further fields, e.g. a note. */
  readonly children?: ReactNode
}

interface Props extends BodyProps {
  readonly opened: boolean
  readonly title: string
}

function Body({
  onClose,
  sentences,
  confirmLabel,
  danger = false,
  typed,
  busy,
  error,
  onConfirm,
  children,
}: BodyProps) {
  const [text, setText] = useState('')
  const focusCancel = danger && typed === undefined
  return (
    <Stack gap="md">
      <List spacing={6} size="sm">
        {sentences.map(sentence => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
      {children}
      {typed !== undefined && (
        <TextInput
          label={`Type ${typed} to confirm`}
          autoComplete="off"
          data-autofocus
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
      )}
      {error !== null && <ErrorAlert error={error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus={focusCancel || undefined}>
          Cancel
        </Button>
        <Button
          {...(danger ? { color: DANGER } : {})}
          loading={busy}
          disabled={typed !== undefined && text !== typed}
          onClick={onConfirm}
        >
          {confirmLabel}
        </Button>
      </Group>
    </Stack>
  )
}

/** Asks once, and says what will happen. */
export function ConfirmModal({ opened, title, ...body }: Props) {
  return (
    <Modal opened={opened} onClose={body.onClose} title={title} centered>
      <Body {...body} />
    </Modal>
  )
}
