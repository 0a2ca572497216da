import type { SegmentView } from '@dimmer/protocol'
import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { NameAndKeyFields } from '../../shared/ui/name-and-key.tsx'

interface Props {
  readonly project: string
  readonly taken: readonly string[]
  readonly opened: boolean
  readonly onClose: () => void
  readonly onCreated: (segment: SegmentView) => void
}

function Form({ project, taken, onClose, onCreated }: Omit<Props, 'opened'>) {
  const api = useApi()
  const queries = useQueryClient()
  const [form, setForm] = useState({ name: '', key: '' })
  const create = useMutation({
    mutationFn: async () => {
      if (taken.includes(form.key)) throw new Error(`There is a segment "${form.key}" already.`)
      return api.putSegment(project, form.key, { name: form.name })
    },
    onSuccess: segment => {
      void queries.invalidateQueries({ queryKey: queryKeys.segments(project) })
      onCreated(segment)
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <Stack gap="md">
        <NameAndKeyFields
          value={form}
          onChange={setForm}
          namePlaceholder="EU pilots"
          keyHint="Rules name it, so it can't be changed later. Nobody is in it until you say who."
        />
        {create.error !== null && <ErrorAlert error={create.error} title="The segment was not created" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={form.name === '' || form.key === ''}>
            Create segment
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Asks for what a segment needs at least. */
export function CreateSegmentDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a segment" centered>
      <Form onClose={onClose} {...rest} />
    </Modal>
  )
}
