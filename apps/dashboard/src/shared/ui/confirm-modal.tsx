import { Button, Group, List, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { ErrorAlert } from './error-alert.tsx'
import { DANGER } from './tone.ts'

interface Props {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  /** What will happen, sentence by sentence. */
  readonly sentences: readonly string[]
  readonly confirmLabel: string
  readonly danger?: boolean
  readonly busy: boolean
  readonly error: Error | null
  readonly onConfirm: () => void
  /** Further fields, e.g. a note. */
  readonly children?: ReactNode
}

/** Asks once, and says what will happen. */
export function ConfirmModal(props: Props) {
  const { opened, onClose, title, sentences, confirmLabel, danger = false, busy, error, onConfirm, children } = props
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <Stack gap="md">
        <List spacing={6} size="sm">
          {sentences.map(sentence => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
        {children}
        {error !== null && <ErrorAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus={danger || undefined}>
            Cancel
          </Button>
          <Button {...(danger ? { color: DANGER } : {})} loading={busy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
