import type { FlagPlace, FlagView } from '@dimmer/protocol'
import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../shared/api.tsx'
import { ConfirmModal } from '../../shared/ui/confirm-modal.tsx'
import { storeFlag } from '../flags/index.ts'
import { ReceiptReport } from './receipt-report.tsx'

interface Props {
  readonly place: FlagPlace
  readonly flag: Pick<FlagView, 'name'>
  /** What will happen, sentence by sentence. */
  readonly sentences: readonly string[]
  /** Who loses it. */
  readonly forecast?: ReactNode
  readonly opened: boolean
  readonly onClose: () => void
}

/** How long the server waits for confirmations before it answers; the rest is followed live. */
const WAIT_MS = 2_000

/** Asks once, switches the flag off, and shows how it arrives. */
export function KillDialog({ place, flag, sentences, forecast, opened, onClose }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const kill = useMutation({
    mutationFn: () => api.kill(place, WAIT_MS),
    onSuccess: answer => storeFlag(queries, place.project, answer),
  })
  if (kill.data === undefined) {
    return (
      <ConfirmModal
        opened={opened}
        onClose={onClose}
        title={`Kill ${flag.name} in ${place.environment}?`}
        sentences={sentences}
        confirmLabel={kill.isPending ? 'Killing' : 'Kill it'}
        danger
        busy={kill.isPending}
        error={kill.error}
        onConfirm={() => kill.mutate()}
      >
        {forecast}
      </ConfirmModal>
    )
  }
  const close = () => {
    kill.reset()
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title={`${flag.name} is off in ${place.environment}`} centered>
      <Stack gap="md">
        <ReceiptReport project={place.project} receipts={kill.data.receipts} />
        <Group justify="flex-end">
          <Button onClick={close}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
